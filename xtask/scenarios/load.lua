-- One kind of request for wrk, over connections that are kept.
--   wrk … -s load.lua URL -- KIND known|new PATH…
-- Each connection asks for the paths in turn; `known` sends the ETag of the last answer along. Ends with one line of JSON.
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(arguments)
   local paths, at = {}, 0
   statuses, bad = {}, ""
   known = arguments[2] == "known"
   for index = 3, #arguments do table.insert(paths, arguments[index]) end
   request = function()
      at = at % #paths + 1
      return wrk.format(nil, paths[at])
   end
end

function response(status, headers, body)
   local name = tostring(status)
   statuses[name] = (statuses[name] or 0) + 1
   if status ~= 200 and status ~= 304 and bad == "" then bad = status .. " " .. body:sub(1, 500) end
   if known and headers["etag"] then wrk.headers["If-None-Match"] = headers["etag"] end
end

function done(summary, latency, requests)
   local counts, bad = {}, ""
   for _, thread in ipairs(threads) do
      for name, count in pairs(thread:get("statuses")) do counts[name] = (counts[name] or 0) + count end
      if bad == "" then bad = thread:get("bad") end
   end
   local told = {}
   for name, count in pairs(counts) do table.insert(told, string.format("%q:%d", name, count)) end
   -- Enough of the distribution to put several kinds together.
   local points = {}
   for at = 1, 999 do points[at] = string.format("%.2f", latency:percentile(at / 10) / 1000) end
   local errors = summary.errors
   io.write("\n", string.format(
      '{"answers":%d,"seconds":%.3f,"points":[%s],"most":%.3f,"connect":%d,"read":%d,"write":%d,"timeout":%d,'
      .. '"statuses":{%s},"bad":"%s"}\n',
      summary.requests, summary.duration / 1e6, table.concat(points, ","), latency.max / 1000,
      errors.connect, errors.read, errors.write, errors.timeout, table.concat(told, ","),
      (bad:gsub('[%c"\\]', " "))))
end
