-- Prelude. Several calls in one.

-- each(key, arg, once) -> what once(keys, args) returned for each of the calls, in their order; {'failed', what Redis said}
-- for one that Redis refused, which keeps nothing from the others.
--   key  how many KEYS come before those of the calls
--   arg  where ARGV holds n, the number of calls; then come n pairs of integers: how many keys and how many arguments are
--        a call's own; then the arguments of each
local function each(key, arg, once)
  local n = tonumber(ARGV[arg])
  local counts = arg
  local results = {}
  arg = arg + 2 * n
  for i = 1, n do
    local last_key, last_arg = key + ARGV[counts + 2 * i - 1], arg + ARGV[counts + 2 * i]
    local well, result = pcall(once, {unpack(KEYS, key + 1, last_key)}, {unpack(ARGV, arg + 1, last_arg)})
    results[i] = well and result or {'failed', type(result) == 'table' and result.err or tostring(result)}
    key, arg = last_key, last_arg
  end
  return results
end
