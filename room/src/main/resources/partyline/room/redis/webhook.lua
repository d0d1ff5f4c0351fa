-- Prelude. Webhooks; see partyline.room.hook.Webhooks.

-- enabled(kept) -> whether a webhook, as it is kept, is there and not turned off
local function enabled(kept)
  return kept and cjson.decode(kept).enabled == true
end
