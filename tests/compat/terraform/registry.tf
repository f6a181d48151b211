variable "stage" {
  default = "test"
}

data "aws_caller_identity" "current" {}

resource "aws_sagemaker_model_package_group" "churn" {
  model_package_group_name        = "churn"
  model_package_group_description = "Who leaves, and when."

  tags = {
    stage = var.stage
  }
}

resource "aws_sagemaker_model_package_group_policy" "churn" {
  model_package_group_name = aws_sagemaker_model_package_group.churn.model_package_group_name

  resource_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Read"
      Effect    = "Allow"
      Action    = ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"]
      Resource  = aws_sagemaker_model_package_group.churn.arn
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
    }]
  })
}

resource "aws_sagemaker_model" "churn" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/sagemaker"

  primary_container {
    image          = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1"
    model_data_url = "s3://models/churn.tar.gz"
    environment = {
      THRESHOLD = "0.5"
    }
  }

  tags = {
    stage = var.stage
  }
}

resource "aws_sagemaker_model" "pipeline" {
  execution_role_arn       = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/sagemaker"
  enable_network_isolation = true

  container {
    image              = "123456789012.dkr.ecr.us-east-1.amazonaws.com/features:1"
    container_hostname = "features"
  }

  container {
    image              = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1"
    container_hostname = "churn"
  }

  inference_execution_config {
    mode = "Serial"
  }

  vpc_config {
    subnets            = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    security_group_ids = ["sg-0123456789abcdef0"]
  }
}
