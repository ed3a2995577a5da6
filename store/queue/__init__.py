"""Where tickets stand: places in the order, counts that are kept, lists and searches."""
