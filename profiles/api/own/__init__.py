"""Our own API, `/api/v1/`: what its OpenAPI document and `/api/docs` say, no less and no more."""
