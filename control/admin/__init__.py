"""Administration: what people with the permission `user.manage` may do to accounts."""
