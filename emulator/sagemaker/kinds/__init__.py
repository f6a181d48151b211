"""The kinds of SageMaker, one declaration a file; a kind knows what it may say, and nothing that acts."""
