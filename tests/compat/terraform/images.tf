variable "stage" {
  default = "test"
}

resource "aws_sagemaker_image" "churn" {
  image_name   = "churn"
  display_name = "Churn"
  description  = "Who leaves, and when."
  role_arn     = "arn:aws:iam::123456789012:role/sagemaker"

  tags = {
    stage = var.stage
  }
}

resource "aws_sagemaker_image_version" "churn" {
  image_name = aws_sagemaker_image.churn.id
  base_image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1"
}
