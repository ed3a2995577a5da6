"""The policy as data: a policy file, checked key by key over the handbook."""
