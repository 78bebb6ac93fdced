# Makes the bundled weights again: docs/bundled-models.md. Usage: train-bundled.ps1 [FOLDER TO WORK IN]
param([string]$Work = (Join-Path ([IO.Path]::GetTempPath()) 'rtdecode-bundled'))
$ErrorActionPreference = 'Stop'
New-Item -ItemType Directory -Force $Work | Out-Null
function Invoke-Checked { & $args[0] @($args | Select-Object -Skip 1); if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE } }

# The commit is left out of the program's version, which a model file names: another commit gives the same bytes.
Invoke-Checked dotnet publish "$PSScriptRoot/.." -c Release -o "$Work/program" '-p:IncludeSourceRevisionInInformationalVersion=false' -v quiet
$program = Join-Path $Work 'program/rtdecode'
$sessions = foreach ($seed in 101..108) { Join-Path $Work "hd-$seed" }
foreach ($seed in 101..108) { Invoke-Checked $program simulate-session (Join-Path $Work "hd-$seed") --kind head-direction --units 40 --minutes 10 --seed $seed --force }
foreach ($kind in 'possm', 'poyo') {
    $model = Join-Path $Work "$kind-head-direction.rtmodel"
    Invoke-Checked $program train @sessions --config "demo_$kind" --restart -o $model
    Copy-Item $model $PSScriptRoot -Force
}
Write-Host "Reports of the trainings: $Work/*.report/report.html"
