"""Logging in by somebody else's word: Kakao, Google, Naver, 42 (OAuth 2.0 authorization code with PKCE, RFC 6749, RFC 7636).

An *attempt* begins here, goes through the provider's pages in the person's browser, and is finished here once, by whoever
holds the secret that was given out when it began. What the provider then says is an *identity*: a provider and a subject,
which never changes. An identity that belongs to an account is a log-in. One that belongs to none is a *proof*, good for one
sign-up; a phone number has to be proven all the same.

An identity is never joined to an account because their e-mail addresses are equal: nobody proved ours, and whoever signed
up with somebody else's address would be handed their log-in. Who has an account links it while logged in, and shows that
it is theirs: what is linked logs in for good.

`providers` is the table; `asking` speaks to a provider; `attempts` are the rules; `queries` is the SQL.
"""
