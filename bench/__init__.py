"""The measurements behind the project's figures: percentiles, and ratios against a named peer run side by side."""
