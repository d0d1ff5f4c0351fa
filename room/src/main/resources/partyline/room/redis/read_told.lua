-- Tells a person's devices, which listen here, of a read marker that was moved in another partition.
--
-- KEYS[1]  {t}:h:<inbox>  hash: the head of their inbox; only says where
-- ARGV[1]  text  the inbox
-- ARGV[2]  text  its channel
-- ARGV[3]  JSON  {room, id, number}
--
-- Returns {1}.
pass({name = ARGV[1], channel = ARGV[2]}, 'read', '', ARGV[3])
return {1}
