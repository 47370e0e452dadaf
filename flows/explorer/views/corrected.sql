-- What are the model's shares for each target when people's answers correct them, with 95 % intervals?
{{ saved_query("corrected_shares") }}
