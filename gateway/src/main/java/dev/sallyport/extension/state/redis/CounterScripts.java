package dev.sallyport.extension.state.redis;

/// What the server does for counters, each in one step and by its own clock, in microseconds of the epoch. What a key
/// holds ends when the key has everything back.
final class CounterScripts {
    /// Arguments of one part of [#TAKE].
    static final int ASKED = 9;

    /// Numbers in the answer of [#TAKE] for one part.
    static final int TOLD = 5;

    /// Arguments of one part of [#BACK].
    static final int GIVEN = 3;

    private static final String NOW = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            -- a rate is the nanosecond at which everything is back: microseconds, then three digits, since no number
            -- here has room for both
            local function debt(value)
              if not value then return 0 end
              local left = (tonumber(string.sub(value, 1, -4)) - now) * 1000 + tonumber(string.sub(value, -3))
              return math.max(0, left)
            end
            local function owe(key, left)
              if left < 1 then redis.call('DEL', key) return end
              local value = string.format('%.0f%03.0f', now + math.floor(left / 1000), left % 1000)
              redis.call('SET', key, value, 'PX', math.ceil(left / 1000000) + 1000)
            end
            -- a quota is the second at which its period ends, and what was taken of it
            local function quota(value)
              if not value then return 0, 0 end
              local ends, used = string.match(value, '^(%d+) (%d+)$')
              return tonumber(ends), tonumber(used)
            end
            local function count(key, ends, used)
              local left = math.max(0, ends * 1000 - math.floor(now / 1000))
              redis.call('SET', key, string.format('%.0f %.0f', ends, used), 'PX', left + 3600000)
            end
            """;

    /// Judges all parts and takes them if all that are not on trial allow it.
    ///
    /// Keys: one for each part. Arguments for each part: its kind, 1 on trial, then for a rate (`r`) cost,
    /// capacity, ahead and owed in nanoseconds; for a quota (`q`) cost, most, ahead, owed, start, end and next end;
    /// for places (`c`) weight, most, name, milliseconds. The answer for each part: 1 when it allows it, what is
    /// used, what was taken ahead, seconds to the end of the period, that end.
    static final Script TAKE = Script.of(NOW + """
            local second = math.floor(now / 1000000)
            -- what gateways allowed without the server is more than there was, if others asked it meanwhile: that is paid
            -- back, up to as much again
            local function owing(used, owed, most) return math.max(used, math.min(used + owed, most * 2)) end
            local allow, used, ends = {}, {}, {}
            local refused = false
            for i = 1, #KEYS do
              local at = (i - 1) * 9
              local kind, cost, most = ARGV[at + 1], tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
              if kind == 'r' then
                used[i] = owing(debt(redis.call('GET', KEYS[i])), tonumber(ARGV[at + 6]), most)
                allow[i] = used[i] + cost <= most
                ends[i] = 0
              elseif kind == 'q' then
                local start, stop, later = tonumber(ARGV[at + 7]), tonumber(ARGV[at + 8]), tonumber(ARGV[at + 9])
                -- the gateway's clock may be ahead or behind
                if second < start then stop = start elseif second >= stop then stop = later end
                local known, taken = quota(redis.call('GET', KEYS[i]))
                -- a clock that is set back opens no period again
                if known >= stop then stop = known else taken = 0 end
                used[i] = owing(taken, tonumber(ARGV[at + 6]), most)
                allow[i] = used[i] + cost <= most
                ends[i] = stop
              else
                redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', math.floor(now / 1000))
                used[i] = redis.call('ZCARD', KEYS[i])
                allow[i] = used[i] == 0 or (used[i] + 1) * cost <= most * 1000
                ends[i] = 0
              end
              if not allow[i] and ARGV[at + 2] ~= '1' then refused = true end
            end
            local told = {}
            for i = 1, #KEYS do
              local at = (i - 1) * 9
              local kind, most, ahead = ARGV[at + 1], tonumber(ARGV[at + 4]), 0
              local taking = allow[i] and not refused
              if kind == 'c' then
                if taking then
                  redis.call('ZADD', KEYS[i], math.floor(now / 1000) + ARGV[at + 6], ARGV[at + 5])
                  redis.call('PEXPIRE', KEYS[i], ARGV[at + 6] * 2)
                  used[i] = used[i] + 1
                end
              else
                local more = tonumber(ARGV[at + 6])
                if taking then
                  local cost = tonumber(ARGV[at + 3])
                  ahead = math.max(0, math.min(tonumber(ARGV[at + 5]), most - used[i] - cost))
                  used[i] = used[i] + cost + ahead
                  more = more + cost + ahead
                end
                if more > 0 and kind == 'r' then owe(KEYS[i], used[i]) end
                if more > 0 and kind == 'q' then count(KEYS[i], ends[i], used[i]) end
              end
              local left = 0
              if kind == 'q' then left = math.max(1, ends[i] - second) end
              local base = (i - 1) * 5
              told[base + 1] = allow[i] and 1 or 0
              told[base + 2], told[base + 3], told[base + 4], told[base + 5] = used[i], ahead, left, ends[i]
            end
            return told
            """);

    /// Gives back what was taken.
    ///
    /// Keys: one for each part. Arguments for each part: its kind, then for a rate nanoseconds; for a quota how
    /// much and the end of the period it was of; for places the name.
    static final Script BACK = Script.of(NOW + """
            for i = 1, #KEYS do
              local at = (i - 1) * 3
              local kind = ARGV[at + 1]
              if kind == 'c' then
                redis.call('ZREM', KEYS[i], ARGV[at + 2])
              else
                local value = redis.call('GET', KEYS[i])
                if value and kind == 'r' then
                  owe(KEYS[i], debt(value) - tonumber(ARGV[at + 2]))
                elseif value then
                  local ends, used = quota(value)
                  if ends == tonumber(ARGV[at + 3]) then
                    count(KEYS[i], ends, math.max(0, used - tonumber(ARGV[at + 2])))
                  end
                end
              end
            end
            return 1
            """);

    /// Says that places are still taken. Keys: one for each. Arguments for each: the name, milliseconds.
    static final Script HOLD = Script.of("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            for i = 1, #KEYS do
              local left = ARGV[i * 2]
              redis.call('ZADD', KEYS[i], now + left, ARGV[i * 2 - 1])
              redis.call('PEXPIRE', KEYS[i], left * 2)
            end
            return 1
            """);

    /// Says that a gateway is alive, and tells how many are. Key: their table. Arguments: its name, milliseconds.
    static final Script ALIVE = Script.of("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
            redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
            redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
            return redis.call('ZCARD', KEYS[1])
            """);

    private CounterScripts() {}
}
