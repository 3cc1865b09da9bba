"""Programs that figures run in processes of their own."""
