-- One kind of call over and over; CreateModel with a name of its own each time. wrk … -- OPERATION BODY PREFIX
local operation, body, prefix, number, threads = "", "", "", 0, 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads * 100000000)
end

function init(args)
  operation, body, prefix = args[1], args[2], args[3]
end

function request()
  number = number + 1
  local said = body:gsub("NAME", prefix .. number)
  return wrk.format("POST", "/", {
    ["Content-Type"] = "application/x-amz-json-1.1",
    ["X-Amz-Target"] = "SageMaker." .. operation,
    ["Authorization"] = args_signed,
  }, said)
end

args_signed = "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/sagemaker/aws4_request, " ..
  "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" .. string.rep("0", 64)

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %f %f %f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
