"""From survey and load to a complete design: sizing, heat balance, layout, uncertainty."""
