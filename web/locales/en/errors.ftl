error-500-title = We had a problem
