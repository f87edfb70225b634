<#
.SYNOPSIS
Sets everything up on a Windows machine that has Python 3.11 or newer, then runs the program.

.DESCRIPTION
    powershell -ExecutionPolicy Bypass -File packaging\bootstrap.ps1 demo   try it on two made-up services
    powershell -ExecutionPolicy Bypass -File packaging\bootstrap.ps1 test   run all checks and tests
    powershell -ExecutionPolicy Bypass -File packaging\bootstrap.ps1 run    run the program itself

Everything goes to the folder .venv of this checkout. A second call finds it ready and only runs.
Set the environment variable PYTHON to choose a Python.
#>
param(
    [Parameter(Mandatory = $true, Position = 0)]
    [ValidateSet('demo', 'test', 'run')]
    [string] $Command,

    [Parameter(Position = 1, ValueFromRemainingArguments = $true)]
    [string[]] $Rest = @()
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$Root = Split-Path -Parent $PSScriptRoot
$Venv = Join-Path $Root '.venv'
$VenvPython = Join-Path $Venv 'Scripts\python.exe'
$Constraints = Join-Path $Root 'packaging\constraints.txt'

function Test-Python([string[]] $Candidate) {
    # True when this command starts a Python 3.11 or newer; the Store's placeholder python.exe fails here.
    $program, $arguments = $Candidate
    if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { return $false }
    try {
        & $program @arguments -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>$null | Out-Null
        return $LASTEXITCODE -eq 0
    } catch {
        return $false
    }
}

function Find-Python {
    if ($env:PYTHON) {
        if (Test-Python @($env:PYTHON)) { return , @($env:PYTHON) }
        throw "$($env:PYTHON) is not a Python 3.11 or newer."
    }
    foreach ($candidate in @('py', '-3'), @('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11'), @('python'), @('python3')) {
        if (Test-Python $candidate) { return , $candidate }
    }
    throw "Python 3.11 or newer is needed and was not found. Run: winget install Python.Python.3.12"
}

function Invoke-Checked([string] $What, [scriptblock] $Work) {
    & $Work
    if ($LASTEXITCODE -ne 0) { throw "$What failed; the reason stands above." }
}

function New-Environment {
    $program, $arguments = Find-Python
    Write-Host "Making a virtual environment ..."
    Invoke-Checked 'Making the virtual environment' { & $program @arguments -m venv --clear $Venv }
}

function Test-Environment {
    if (-not (Test-Path $VenvPython)) { return $false }
    if (-not (Test-Python @($VenvPython))) { return $false }
    & $VenvPython -m pip --version 2>$null | Out-Null
    return $LASTEXITCODE -eq 0
}

function Get-Fingerprint {
    # Changes when an installation would: the requirements, the pins, the Python, and the place of the checkout.
    $hashes = (Get-FileHash (Join-Path $Root 'pyproject.toml'), $Constraints).Hash -join ' '
    return "$hashes $(& $VenvPython --version) $Root"
}

function Test-Installed([string] $Extra) {
    $stamp = Join-Path $Venv ".acassist-$Extra"
    return (Test-Path $stamp) -and ((Get-Content $stamp -Raw).Trim() -eq (Get-Fingerprint))
}

function Install-Program([string] $Extra) {
    if ((Test-Installed $Extra) -or ($Extra -eq 'run' -and (Test-Installed 'test'))) { return }
    $what = $Root
    if ($Extra -eq 'test') { $what = "$Root[test]" }
    Write-Host 'Installing the program and the libraries it needs (a minute or two) ...'
    Invoke-Checked 'The installation' {
        & $VenvPython -m pip install --quiet --quiet --disable-pip-version-check --no-input -c $Constraints -e $what
    }
    Set-Content -Path (Join-Path $Venv ".acassist-$Extra") -Value (Get-Fingerprint)
}

function Invoke-Tests {
    # The tests of the real window (tests/e2e) need an X server; here they skip themselves and say so.
    $failed = @()
    $checks = [ordered]@{
        'Floors (import-linter)'     = { & (Join-Path $Venv 'Scripts\lint-imports.exe') }
        'Style (ruff)'               = { & $VenvPython -m ruff check . }
        'Types (mypy)'               = { & $VenvPython -m mypy }
        'Tests of the engine'        = { & $VenvPython -m pytest -q -n 2 --dist worksteal --ignore=tests/gui --ignore=tests/e2e --ignore=tests/benchmarks --ignore=tests/contract/control/test_speed.py }
        'Tests of speed'             = { & $VenvPython -m pytest -q tests/contract/control/test_speed.py tests/benchmarks }
        'Tests of the window'        = { & $VenvPython -m pytest -q -n 2 --dist worksteal tests/gui }
        'Tests of the whole program' = { & $VenvPython -m pytest -q tests/e2e }
    }
    foreach ($name in $checks.Keys) {
        Write-Host "== $name"
        & $checks[$name]
        if ($LASTEXITCODE -ne 0) { $failed += $name }
    }
    if ($failed) { throw "Failed: $($failed -join ', ')" }
    Write-Host 'All checks and tests passed.'
}

if (-not (Test-Environment)) { New-Environment }

switch ($Command) {
    'demo' {
        Install-Program 'run'
        & $VenvPython -m acassist demo @Rest
    }
    'run' {
        Install-Program 'run'
        & $VenvPython -m acassist @Rest
    }
    'test' {
        Install-Program 'test'
        $env:QT_QPA_PLATFORM = 'offscreen'
        Push-Location $Root
        try {
            if ($Rest.Count -gt 0) { & $VenvPython -m pytest @Rest } else { Invoke-Tests }
        } finally {
            Pop-Location
        }
    }
}
exit $LASTEXITCODE
