-- Finds an incoming hook by its token.
--
-- KEYS[1]  {t}:in         hash: name -> JSON
-- KEYS[2]  {t}:in:tokens  hash: SHA-256 of a token -> name
-- ARGV[1]  text  SHA-256 of the token
--
-- Returns {name, JSON}, or {} if there is none.
local name = redis.call('HGET', KEYS[2], ARGV[1])
local hook = name and redis.call('HGET', KEYS[1], name)
return hook and {name, hook} or {}
