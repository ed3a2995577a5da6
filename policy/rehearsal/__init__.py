"""The desk's last days, played again under another policy or with another team."""
