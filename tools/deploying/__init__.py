"""Deploys a build with AWS SAM, and changes the parameters of what is deployed."""
