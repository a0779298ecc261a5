-- Load for the bench: arguments "paths FILE" (GET one of its lines at random) or "bodies FILE" (POST its blocks of
-- 4,096 bytes, each with a number of its own in front). Prints one line of JSON at the end.
local BLOCK = 4096
local ready, bodies = {}, {}
local count = 0

function init(args)
  local file = io.open(args[2], "rb")
  math.randomseed(7)
  if args[1] == "paths" then
    for path in file:lines() do ready[#ready + 1] = wrk.format("GET", path) end
  else
    local block = file:read(BLOCK)
    while block do
      bodies[#bodies + 1] = block:sub(17)
      block = file:read(BLOCK)
    end
    wrk.headers["Content-Type"] = "text/plain"
    count = os.time() * 2 ^ 20
  end
  file:close()
end

function request()
  if #ready > 0 then return ready[math.random(#ready)] end
  count = count + 1
  local body = string.format("%016x", count) .. bodies[count % #bodies + 1]
  return wrk.format("POST", "/api/v1/pastes", wrk.headers, body)
end

function done(summary, latency)
  local seconds, e = summary.duration / 1e6, summary.errors
  io.write(string.format(
    '{"requests":%d,"perSecond":%.1f,"bytesPerSecond":%.0f,"p50Ms":%.3f,"p99Ms":%.3f,"errors":%d}\n',
    summary.requests, summary.requests / seconds, summary.bytes / seconds, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
