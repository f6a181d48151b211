"""What CloudFormation says of templates and their parameters, each sentence once, with its source and how sure it is.

Confidence is that of emulator/aws/errors.py: A seen from AWS itself, B written by people who match on it, C one
indirect witness or an analogy, D the emulator's own words.
"""

from __future__ import annotations

from emulator.aws.errors import Sentence

_RECORDED = "recorded from AWS by LocalStack's tests of CloudFormation"
_REPORTED = "AWS's answer in several public issues"
_OWN = "the emulator's own"


class TemplateError(Exception):
    """What CloudFormation refuses in a template or its parameters; the message is its sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# --- The text, and its form -------------------------------------------------------------------------------------------

NOT_WELL_FORMED = Sentence(
    "Template format error: {format} not well-formed. (line {line}, column {column})", "A", _RECORDED
)
UNSUPPORTED_STRUCTURE = Sentence("Template format error: unsupported structure.", "A", _RECORDED)
ALIASES = Sentence("Template error: YAML aliases are not allowed in CloudFormation templates", "B", _REPORTED)
NO_NULLS = Sentence("[{path}] 'null' values are not allowed in templates", "A", _RECORDED)
NO_RESOURCES = Sentence("Template format error: At least one Resources member must be defined.", "A", _RECORDED)
VERSION = Sentence("Template format error: Unsupported template format version: {version}.", "C", "an analogy")
UNKNOWN_SECTIONS = Sentence("Invalid template property or properties [{names}]", "B", _REPORTED)
UNKNOWN_RESOURCE_PROPERTY = Sentence("Invalid template resource property '{name}'", "A", _RECORDED)
NO_TYPE = Sentence(
    "Template format error: [/Resources/{logical}] Every Resources object must contain a Type member.", "A", _RECORDED
)
NO_OUTPUT_VALUE = Sentence("Template format error: Every Outputs member must contain a Value object", "A", _RECORDED)
EXPORT_NAME = Sentence(
    "Template format error: Output {name} is malformed. The Name field of every Export member must be specified and "
    "consist only of alphanumeric characters, colons, or hyphens.",
    "B",
    _REPORTED,
)
EXPORT_DEPENDS = Sentence(
    "Template format error: Output {name} is malformed.  The Name field of Export must not depend on any resources, "
    "imported values, or Fn::GetAZs.",
    "B",
    _REPORTED,
)
EXPORTED_TWICE = Sentence(
    "Template format error: The Outputs section contains duplicate Export names: [{names}]. "
    "Specify a unique name for each export.",
    "B",
    _REPORTED,
)
NO_MAP = Sentence("Template format error: {section} must be a map.", "C", "an analogy")
NO_MEMBER_MAP = Sentence("Template format error: Every {section} member {name} must be a map", "A", _RECORDED)
NO_FUNCTION = Sentence("Template format error: Conditions member {name} must be a condition function", "D", _OWN)
MAPPING_VALUE = Sentence("Template format error: Every Mappings attribute must be a String or a List.", "A", _RECORDED)
ALPHANUMERIC = Sentence("Template format error: {section} name '{name}' is non alphanumeric.", "B", _REPORTED)
TOO_MANY = Sentence(
    "Template format error: Number of {section}, {number}, is greater than maximum allowed, {limit}", "B", _REPORTED
)
CONDITION_IS_TEXT = Sentence("Template format error: Every Condition member must be a string.", "B", _REPORTED)
POLICY_VALUE = Sentence("Template error: Unrecognized {policy} {value} for resource {logical}", "C", "an analogy")
PARAMETER_TYPE = Sentence("Template format error: Unrecognized parameter type: {type}", "B", _REPORTED)
NO_PARAMETER_TYPE = Sentence(
    "Template format error: Every Parameters object must contain a Type member.", "B", _REPORTED
)
BAD_DEFAULT = Sentence("Template format error: Every Default member must be a string.", "B", _REPORTED)

LOGICAL_ID = Sentence("Template format error: Resource name {name} is longer than {limit} characters.", "D", _OWN)
DESCRIPTION = Sentence("Template format error: 'Description' length or type is not valid.", "C", "an analogy")
PROPERTIES = Sentence("Template format error: Properties must be an object.", "C", "an analogy")
DEPENDS_ON = Sentence("Template format error: DependsOn must be a string or list of strings.", "B", _REPORTED)
OUTPUT_IS_TEXT = Sentence("Template format error: Output values must be a string.", "C", "an analogy")

# --- Transforms -------------------------------------------------------------------------------------------------------

TRANSFORM_NAME = Sentence("Key Name of transform definition must be a string.", "A", _RECORDED)
NOT_APPLIED = Sentence(
    "The emulator does not apply the transform {name}; of AWS's transforms it knows AWS::LanguageExtensions.", "D", _OWN
)
NO_MACRO = Sentence("No transform named {name} found.", "B", _REPORTED)
LOOP_LAYOUT = Sentence("Transform AWS::LanguageExtensions failed with: Fn::ForEach layout is incorrect", "B", _REPORTED)
LOOP_COLLECTION = Sentence(
    "Transform AWS::LanguageExtensions failed with: Fn::ForEach::{name} could not resolve its collection to a list",
    "D",
    _OWN,
)
LOOP_TWICE = Sentence(
    "Transform AWS::LanguageExtensions failed with: Fn::ForEach::{name} makes {key}, which is there already", "D", _OWN
)

# --- Rules ------------------------------------------------------------------------------------------------------------

RULE_FAILED = Sentence("Rule {name} failed: {why}", "C", "an analogy")
RULE_SAYS = Sentence("an assertion does not hold", "D", _OWN)
RULE_FORM = Sentence("Template format error: Rule {name} must contain a list of Assertions", "C", "an analogy")
RULE_ARGUMENTS = Sentence("Template error: {name} requires a list of strings and {what}", "C", "an analogy")

# --- What refers to what ----------------------------------------------------------------------------------------------

UNRESOLVED = Sentence(
    "Template format error: Unresolved resource dependencies [{names}] in the {section} block of the template",
    "A",
    _RECORDED,
)
UNRESOLVED_IN_CONDITIONS = Sentence(
    "Template format error: Unresolved dependencies [{names}]. "
    "Cannot reference resources in the Conditions block of the template",
    "B",
    _REPORTED,
)
UNRESOLVED_CONDITION = Sentence(
    "Template format error: Unresolved condition dependency {name} in the {section} block of the template",
    "C",
    "an analogy",
)
CIRCULAR = Sentence("Circular dependency between resources: [{names}]", "B", _REPORTED)
CIRCULAR_CONDITIONS = Sentence(
    "Template format error: Found circular condition dependency between {names}", "B", _REPORTED
)
GET_ATT_TEXT = Sentence(
    "Template error: if specifying one argument to Fn::GetAtt, that argument must be a non-empty string in format "
    "<LogicalId>.<Attribute>",
    "B",
    _REPORTED,
)
UNDEFINED_RESOURCE = Sentence(
    "Template error: instance of Fn::GetAtt references undefined resource {logical}", "B", _REPORTED
)
NO_EXPORT = Sentence("No export named {name} found.", "B", _REPORTED)

# --- Functions --------------------------------------------------------------------------------------------------------

UNSUPPORTED_FUNCTION = Sentence(
    "Template format error: Encountered unsupported function: {name} Supported functions are: [{supported}]",
    "B",
    _REPORTED,
)
REF_IS_TEXT = Sentence("Template error: every Ref object must have a single String value.", "B", _REPORTED)
GET_ATT = Sentence(
    "Template error: every Fn::GetAtt object requires two non-empty parameters, "
    "the resource name and the resource attribute",
    "B",
    _REPORTED,
)
SUB = Sentence(
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as "
    "first argument, and an optional second argument to specify a mapping of values to replace in the string",
    "B",
    _REPORTED,
)
JOIN = Sentence(
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings "
    "to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
    "B",
    _REPORTED,
)
SELECT = Sentence(
    "Template error: Fn::Select requires a list argument with two elements: an integer index and a list", "B", _REPORTED
)
SELECT_NULLS = Sentence("Template error: Fn::Select cannot select nonexistent value at index {index}", "B", _REPORTED)
SPLIT = Sentence(
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be "
    "split or a function that returns a string to be split.",
    "B",
    _REPORTED,
)
IF = Sentence("Template error: Fn::If requires a list argument with three elements", "B", _REPORTED)
EQUALS = Sentence("Template error: Fn::Equals requires a list argument with two elements", "C", "an analogy")
NOT = Sentence("Template error: Fn::Not requires a list argument with one element", "C", "an analogy")
AND_OR = Sentence(
    "Template error: every {name} object requires a list of at least 2 and at most 10 boolean parameters.",
    "B",
    _REPORTED,
)
FIND_IN_MAP = Sentence(
    "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute "
    "for return value",
    "B",
    _REPORTED,
)
NO_MAPPING = Sentence("Template error: Unable to get mapping for {name}::{first}::{second}", "A", _RECORDED)
NO_MAPPING_NAMED = Sentence(
    "Template error: Mapping named '{name}' is not present in the 'Mappings' section of template.", "B", _REPORTED
)
BASE64 = Sentence("Template error: every Fn::Base64 object must have a String-typed value.", "B", _REPORTED)
CIDR = Sentence(
    "Template error: Fn::Cidr object requires 3 parameters: IP block, count and cidrbits", "C", "an analogy"
)
CIDR_RANGE = Sentence("Template error: Fn::Cidr cannot make {count} blocks of {bits} bits in {block}", "D", _OWN)
IMPORT_VALUE = Sentence(
    "Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string",
    "B",
    _REPORTED,
)
GET_AZS = Sentence("Template error: every Fn::GetAZs object must have a String-typed value.", "C", "an analogy")
LENGTH = Sentence("Template error: Fn::Length requires a list", "C", "an analogy")

# --- Outside ----------------------------------------------------------------------------------------------------------

NO_STORE = Sentence("Unable to fetch parameters [{name}] from parameter store for this account.", "B", _REPORTED)

NOT_RESOLVED = Sentence("Could not parse dynamic reference {reference}", "C", "an analogy")
NO_KEY = Sentence("Could not find a value associated with JSONKey in SecretString", "B", _REPORTED)
# --- Parameters -------------------------------------------------------------------------------------------------------

MUST_HAVE_VALUES = Sentence("Parameters: [{names}] must have values", "A", _RECORDED)
DO_NOT_EXIST = Sentence("Parameters: [{names}] do not exist in the template", "B", _REPORTED)
NOT_PREVIOUS = Sentence(
    "Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key not in the "
    "previous template",
    "B",
    _REPORTED,
)
PREVIOUS_AND_VALUE = Sentence(
    "Invalid input for parameter key {name}. Cannot specify usePreviousValue as true and non empty value for a "
    "parameter",
    "B",
    _REPORTED,
)
VALUE_TOO_LONG = Sentence("Parameter '{name}' must contain at most {limit} bytes", "D", _OWN)
CONSTRAINT = Sentence("Parameter '{name}' failed to satisfy constraint: {constraint}", "B", _REPORTED)
ALLOWED_VALUES = Sentence("Parameter '{name}' must be one of AllowedValues", "B", _REPORTED)
ALLOWED_PATTERN = Sentence("Parameter '{name}' must match pattern {pattern}", "B", _REPORTED)
MIN_LENGTH = Sentence("Parameter '{name}' must contain at least {limit} characters", "B", _REPORTED)
MAX_LENGTH = Sentence("Parameter '{name}' must contain at most {limit} characters", "B", _REPORTED)
MIN_VALUE = Sentence("Parameter '{name}' must be a number not less than {limit}", "B", _REPORTED)
MAX_VALUE = Sentence("Parameter '{name}' must be a number not greater than {limit}", "B", _REPORTED)
NUMBER = Sentence("Parameter '{name}' must be a number.", "B", _REPORTED)
