# Builds everything, checks the formatting and runs all tests. Peers that are missing are skipped, each with its reason:
# Python 3 with pyzmq, msgpack, numpy, scipy and torch, and Node.js for the npm peer.
Set-Location $PSScriptRoot
$npm = 'tests/Realtime.Interop.Tests/MessagePack'
if (Get-Command npm -ErrorAction SilentlyContinue) { Push-Location $npm; npm ci --silent --no-audit --no-fund; Pop-Location }
dotnet build RealtimeDecoder.sln -c Release -v quiet
if ($LASTEXITCODE -ne 0) { exit 1 }
# What analyzers see is an error of the build already; left are white space and the order of usings.
dotnet format RealtimeDecoder.sln --verify-no-changes --no-restore --diagnostics IMPORTS
if ($LASTEXITCODE -ne 0) { exit 1 }
dotnet test RealtimeDecoder.sln -m:1 -c Release --no-build
exit $LASTEXITCODE
