package dev.sallyport.extension.state.redis;

/// What the server does for shared state, each in one step and by its own clock. Scores are ends, in milliseconds of
/// the epoch. What has ended is cleared away a little at a time, and never counted.
final class Scripts {
    private static final String NOW = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local function clear(key)
              local ended = redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, 64)
              if #ended > 0 then redis.call('ZREM', key, unpack(ended)) end
            end
            local function live(key) return redis.call('ZCOUNT', key, '(' .. now, '+inf') end
            -- a table lasts a second longer than the last of its entries
            local function add(key, left, member)
              redis.call('ZADD', key, now + left, member)
              if redis.call('PTTL', key) < left + 1000 then redis.call('PEXPIRE', key, left + 1000) end
            end
            """;

    /// Sets a mark: 1 when it is set now, 0 when it was, 2 when there is no room, 3 when the space is of another
    /// generation.
    ///
    /// Keys: marks of the space, marks of the owner, generation of the space. Arguments: generation, mark,
    /// milliseconds it lasts, most marks of the space, most of an owner.
    static final Script MARK = Script.of(NOW + """
            if redis.call('GET', KEYS[3]) ~= ARGV[1] then return 3 end
            local ends = redis.call('ZSCORE', KEYS[1], ARGV[2])
            if ends and tonumber(ends) > now then return 0 end
            clear(KEYS[1])
            clear(KEYS[2])
            local most = tonumber(ARGV[4])
            local count = live(KEYS[1])
            if count >= most then return 2 end
            local share = math.max(1, math.min(math.floor((most - count) / 8), tonumber(ARGV[5])))
            if live(KEYS[2]) >= share then return 2 end
            local left = tonumber(ARGV[3])
            add(KEYS[1], left, ARGV[2])
            add(KEYS[2], left, ARGV[2])
            return 1
            """);

    /// Replaces a value: 1 when it is done, 0 when the value is another or there is no room.
    ///
    /// Keys: the value, the index of the space. Arguments: its name in the index, what is expected, what is next
    /// (each empty for nothing), milliseconds it lasts, most values of the space.
    static final Script REPLACE = Script.of(NOW + """
            local old = redis.call('GET', KEYS[1]) or ''
            if old ~= ARGV[2] then return 0 end
            clear(KEYS[2])
            if ARGV[3] == '' then
              redis.call('DEL', KEYS[1])
              redis.call('ZREM', KEYS[2], ARGV[1])
              return 1
            end
            if old == '' and live(KEYS[2]) >= tonumber(ARGV[5]) then return 0 end
            local left = tonumber(ARGV[4])
            redis.call('SET', KEYS[1], ARGV[3], 'PX', left)
            add(KEYS[2], left, ARGV[1])
            return 1
            """);

    /// The names of the live values of a space.
    ///
    /// Keys: the index. Arguments: the most that are told.
    static final Script NAMES = Script.of(NOW + """
            return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'LIMIT', 0, ARGV[1])
            """);

    /// Which generation of marks the store is in, and since when: a new one begins when there is none, and when the
    /// servers are not those that it was begun on, or were started again, since they may have lost the latest
    /// marks.
    ///
    /// Keys: the register. Arguments: the servers, the name of a new generation.
    static final Script GENERATION = Script.of(NOW + """
            local id = redis.call('HGET', KEYS[1], 'id')
            if not id or redis.call('HGET', KEYS[1], 'servers') ~= ARGV[1] then
              redis.call('DEL', KEYS[1])
              redis.call('HSET', KEYS[1], 'id', ARGV[2], 'since', now, 'servers', ARGV[1])
            end
            return redis.call('HMGET', KEYS[1], 'id', 'since')
            """);

    /// Enters a space that does not say that it belongs to the generation. One that was entered before has lost what
    /// it knew: a new generation begins. Two gateways may enter it at the same moment.
    ///
    /// Keys: the register. Arguments: the generation, the name of a new one, the space, the servers.
    static final Script ENTER = Script.of(NOW + """
            local id = redis.call('HGET', KEYS[1], 'id')
            local entered = redis.call('HGET', KEYS[1], ARGV[3])
            if not id or (id == ARGV[1] and entered and now - entered > 5000) then
              redis.call('DEL', KEYS[1])
              redis.call('HSET', KEYS[1], 'id', ARGV[2], 'since', now, 'servers', ARGV[4])
            elseif id == ARGV[1] and not entered then
              redis.call('HSET', KEYS[1], ARGV[3], now)
            end
            return redis.call('HMGET', KEYS[1], 'id', 'since')
            """);

    private Scripts() {}
}
