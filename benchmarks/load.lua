-- One kind of call over and over; CreateModel with a name of its own each time. wrk … -- OPERATION BODY PREFIX
--
-- Requests are made beforehand, that wrk costs as little as it can: it shares the processors with the server. One that
-- is always the same wrk keeps by itself. Of CreateModel's only the name changes, and never its width.
local FIRST = 100000000 -- names are this and the numbers behind it

function init(args)
  local operation, body, name = args[1], args[2], args[3] .. FIRST
  wrk.method = "POST"
  wrk.body = body:gsub("NAME", name)
  wrk.headers["Content-Type"] = "application/x-amz-json-1.1"
  wrk.headers["X-Amz-Target"] = "SageMaker." .. operation
  wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/sagemaker/aws4_request, " ..
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" .. string.rep("0", 64)
  if operation == "CreateModel" then
    request = numbered(wrk.format(), name)
  end
end

-- Return what makes the next of many requests, which differ in the number that a name ends with.
function numbered(made, name)
  local at = made:find(name, 1, true) + #name - #tostring(FIRST)
  local before, behind, number = made:sub(1, at - 1), made:sub(at + #tostring(FIRST)), FIRST
  return function()
    number = number + 1
    return before .. number .. behind
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %f %f %f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
