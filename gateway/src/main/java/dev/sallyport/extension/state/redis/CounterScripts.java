package dev.sallyport.extension.state.redis;

/// What the server does for counters, each in one step and by its own clock, in microseconds of the epoch. What a key
/// holds ends when the key has everything back.
final class CounterScripts {
    /// Arguments of one part of [#TAKE].
    static final int ASKED = 10;

    /// Numbers in the answer of [#TAKE] for one part.
    static final int TOLD = 5;

    /// Arguments of one part of [#BACK].
    static final int GIVEN = 3;

    private static final String NOW = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            -- a rate is the nanosecond at which everything is back: microseconds, then three digits, since no number
            -- here has room for both. For a while after gateways told what they had allowed without the server, it says
            -- how it was put together, so that what the next one tells can be added: the nanoseconds by which it is later
            -- than what they began with, if that is known, what all of them told, and the nanoseconds by which it is later
            -- than the sum of what each had not got back
            local function rate(value)
              if not value then return nil end
              local micros, digits, rest = string.match(value, '^(%d+)(%d%d%d)(.*)$')
              local left = (tonumber(micros) - now) * 1000 + tonumber(digits)
              local base, sum, apart = string.match(rest, '^ ([-%d]+) (-?%d+) (-?%d+)$')
              if not base then return left end
              base = tonumber(base)
              return left, base and left - base, tonumber(sum), left - tonumber(apart)
            end
            local function owe(key, left, how)
              if left < 1 and not how then redis.call('DEL', key) return end
              local last = string.format('%.0f%03.0f', now + math.floor(left / 1000), left % 1000)
              if how then
                local base = how.base and string.format('%.0f', left - how.base) or '-'
                last = last .. ' ' .. base .. string.format(' %.0f %.0f', how.sum, left - how.apart)
              end
              redis.call('SET', key, last, 'PX', math.ceil(left / 1000000) + (how and 10000 or 1000))
            end
            -- a quota is the second at which its period ends, and what was taken of it; for a while with what gateways
            -- began with, and what all of them told
            local function quota(value)
              if not value then return 0, 0 end
              local ends, used, rest = string.match(value, '^(%d+) (%d+)(.*)$')
              local base, sum = string.match(rest, '^ (-?%d+) (-?%d+)$')
              return tonumber(ends), tonumber(used), base and tonumber(base), sum and tonumber(sum)
            end
            local function count(key, ends, used, how)
              local left = math.max(0, ends * 1000 - math.floor(now / 1000))
              local last = string.format('%.0f %.0f', ends, used)
              if how then last = last .. string.format(' %.0f %.0f', how.base, how.sum) end
              redis.call('SET', key, last, 'PX', left + 3600000)
            end
            """;

    /// Judges all parts and takes them if all that are not on trial allow it.
    ///
    /// Keys: one for each part. Arguments for each part: its kind, 1 on trial, then for a rate (`r`) cost,
    /// capacity, ahead, and of a debt owed, burst, 1 when lost, nothing, and known, in nanoseconds; for a
    /// quota (`q`) cost, most, ahead, owed, start, end, next end and known; for places (`c`) weight, most,
    /// name, milliseconds. After all parts: the microsecond after which it is too late, 0 for never. The
    /// answer for each part: 1 when it allows it, what is used, what was taken ahead, seconds to the end of
    /// the period, that end; after all parts, or alone when it was too late and nothing was done: the
    /// microsecond.
    static final Script TAKE = Script.of(NOW + """
            local late = tonumber(ARGV[#ARGV])
            if late > 0 and now > late then return {now} end
            local second = math.floor(now / 1000000)
            -- what gateways allowed without the server is more than there was, if others asked it meanwhile: that is paid
            -- back, up to as much again
            local function owing(used, all, most) return math.max(used, math.min(all, most * 2)) end
            local allow, used, ends, how = {}, {}, {}, {}
            local refused = false
            for i = 1, #KEYS do
              local at = (i - 1) * 10
              local kind, cost, most = ARGV[at + 1], tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
              local owed, known = tonumber(ARGV[at + 6]), tonumber(ARGV[at + 10])
              local telling = owed > 0 or known
              if kind == 'r' then
                local left, base, sum, apart = rate(redis.call('GET', KEYS[i]))
                used[i] = math.max(0, left or 0)
                if telling then
                  if not sum then base, sum, apart = left, 0, 0 end
                  -- a server that has forgotten nothing knows better, unless the key had everything back
                  if known and (not base or ARGV[at + 8] == '1') then base = math.max(base or known, known) end
                  sum = sum + owed
                  apart = math.max(0, apart) + tonumber(ARGV[at + 7])
                  used[i] = owing(used[i], base and math.max(base + sum, apart) or apart, most)
                  how[i] = {base = base, sum = sum, apart = apart}
                end
                allow[i] = used[i] + cost <= most
                ends[i] = 0
              elseif kind == 'q' then
                local start, stop, later = tonumber(ARGV[at + 7]), tonumber(ARGV[at + 8]), tonumber(ARGV[at + 9])
                -- the gateway's clock may be ahead or behind
                if second < start then stop = start elseif second >= stop then stop = later end
                local ending, taken, base, sum = quota(redis.call('GET', KEYS[i]))
                -- a clock that is set back opens no period again
                if ending >= stop then stop = ending else taken, base, sum = 0, nil, nil end
                used[i] = taken
                if telling then
                  base = math.max(base or taken, known or 0)
                  sum = (sum or 0) + owed
                  used[i] = owing(taken, base + sum, most)
                  how[i] = {base = base, sum = sum}
                end
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
              local at = (i - 1) * 10
              local kind, most, ahead = ARGV[at + 1], tonumber(ARGV[at + 4]), 0
              local taking = allow[i] and not refused
              if kind == 'c' then
                if taking then
                  redis.call('ZADD', KEYS[i], math.floor(now / 1000) + ARGV[at + 6], ARGV[at + 5])
                  redis.call('PEXPIRE', KEYS[i], ARGV[at + 6] * 2)
                  used[i] = used[i] + 1
                end
              else
                local more = 0
                if taking then
                  local cost = tonumber(ARGV[at + 3])
                  ahead = math.max(0, math.min(tonumber(ARGV[at + 5]), most - used[i] - cost))
                  more = cost + ahead
                end
                if more > 0 or how[i] then
                  used[i] = used[i] + more
                  -- only those who ask for nothing tell one after the other
                  if more > 0 or ARGV[at + 2] ~= '1' then how[i] = nil end
                  if kind == 'r' then owe(KEYS[i], used[i], how[i]) else count(KEYS[i], ends[i], used[i], how[i]) end
                end
              end
              local left = 0
              if kind == 'q' then left = math.max(1, ends[i] - second) end
              local base = (i - 1) * 5
              told[base + 1] = allow[i] and 1 or 0
              told[base + 2], told[base + 3], told[base + 4], told[base + 5] = used[i], ahead, left, ends[i]
            end
            told[#told + 1] = now
            return told
            """);

    /// Gives back what was taken.
    ///
    /// Keys: one for each part. Arguments for each part: its kind, then for a rate nanoseconds; for a quota
    /// how much and the end of the period it was of; for places the name.
    static final Script BACK = Script.of(NOW + """
            local late = tonumber(ARGV[#ARGV])
            if late > 0 and now > late then return 0 end
            for i = 1, #KEYS do
              local at = (i - 1) * 3
              local kind = ARGV[at + 1]
              if kind == 'c' then
                redis.call('ZREM', KEYS[i], ARGV[at + 2])
              else
                local value = redis.call('GET', KEYS[i])
                local less = tonumber(ARGV[at + 2])
                if value and kind == 'r' then
                  local left, base, sum, apart = rate(value)
                  if sum then
                    sum = sum - less
                    left = base and math.max(0, base + sum, apart) or math.max(0, apart)
                    owe(KEYS[i], left, {base = base, sum = sum, apart = apart})
                  else
                    owe(KEYS[i], math.max(0, left) - less)
                  end
                elseif value then
                  local ends, used, base, sum = quota(value)
                  if ends == tonumber(ARGV[at + 3]) then
                    count(KEYS[i], ends, math.max(0, used - less), base and {base = base, sum = sum - less})
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

    /// Says that a gateway is alive, and tells how many are. Key: their table. Arguments: its name,
    /// milliseconds.
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
