"""The engine on a service that does not exist: what passes here, the engine cannot know from SageMaker."""
