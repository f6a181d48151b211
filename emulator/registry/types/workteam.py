"""Work teams: what identifies their members is called by its provider's name."""

from emulator.registry.departure import Departure

TYPE = Departure(
    names={
        "MemberDefinitions[].CognitoMemberDefinition.CognitoClientId": "ClientId",
        "MemberDefinitions[].CognitoMemberDefinition.CognitoUserGroup": "UserGroup",
        "MemberDefinitions[].CognitoMemberDefinition.CognitoUserPool": "UserPool",
        "MemberDefinitions[].OidcMemberDefinition.OidcGroups": "Groups",
    }
)
