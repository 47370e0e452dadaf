-- Which shares do people's answers make of those that the model gives, for each target, with 95 % intervals?
{{ saved_query("corrected_shares") }}
