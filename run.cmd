@echo off
rem Sets up everything that is missing, then runs the app, the debabelizer command, the tests or the building of
rem installers, like ./run elsewhere.
setlocal EnableExtensions
set "here=%~dp0"
set "venv=%here%.venv"
set "python=%venv%\Scripts\python.exe"
cd /d "%here%"

set "what=app"
if /i "%~1"=="test" set "what=test"
if /i "%~1"=="bench" set "what=bench"
if /i "%~1"=="package" set "what=package"
rem a comma parts %2 from %3, so the rest of the line is taken whole
set "rest="
for /f "tokens=1,*" %%A in ("%*") do set "rest=%%B"
set "stamp=%venv%\.ready-%what%"
set "state=%venv%\.state-%what%"

if not exist "%venv%" goto setup
copy /b /y pyproject.toml + requirements.lock "%state%" >nul
if exist "%stamp%" fc /b "%stamp%" "%state%" >nul 2>&1 && goto start

:setup
if exist "%python%" goto installer
set "base="
for %%V in (3.13 3.12 3.11 3.14) do if not defined base py -%%V -c "" >nul 2>&1 && set "base=py -%%V"
if not defined base python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && set "base=python"
if not defined base (
    echo Setting up failed: no Python 3.11 or newer was found.
    echo   -^> install Python from python.org or the Microsoft Store and start again
    exit /b 1
)
echo - making an isolated environment
%base% -m venv "%venv%" || (
    echo Setting up failed: no environment could be made in "%venv%".
    echo   -^> check that the folder is writable and start again
    exit /b 1
)

:installer
if not exist "%venv%\Scripts\uv.exe" (
    echo - fetching the package installer
    "%python%" -m pip install --quiet --disable-pip-version-check uv || goto nonetwork
)
if /i "%what%"=="package" goto packaging
echo - installing what the program needs ^(once, a few hundred megabytes^)
set "groups="
if not "%what%"=="app" set "groups=--group dev"
"%venv%\Scripts\uv.exe" pip install --python "%python%" --constraint requirements.lock --editable . %groups% || goto nonetwork
if /i not "%~1"=="bench" goto ready
echo - making a second environment, for a peer to be measured against
if not exist .venv-bench\Scripts\python.exe "%python%" -m venv --without-pip .venv-bench || goto nonetwork
"%venv%\Scripts\uv.exe" pip install --python .venv-bench\Scripts\python.exe --constraint requirements.lock --group bench || goto nonetwork
goto ready
:packaging
echo - making an environment for building installers
if not exist .venv-packaging\Scripts\python.exe "%python%" -m venv --without-pip .venv-packaging || goto nonetwork
"%venv%\Scripts\uv.exe" pip install --python .venv-packaging\Scripts\python.exe --constraint requirements.lock --requirements pyproject.toml --extra google --group packaging || goto nonetwork
:ready
copy /b /y pyproject.toml + requirements.lock "%stamp%" >nul

:start
if /i "%~1"=="test" (
    "%python%" tests\run_all.py %2 %3 %4 %5 %6 %7 %8 %9
    exit /b
)
if /i "%~1"=="bench" (
    "%python%" bench\run_all.py %2 %3 %4 %5 %6 %7 %8 %9
    exit /b
)
if /i "%~1"=="package" (
    .venv-packaging\Scripts\python.exe packaging\build.py %rest%
    exit /b
)
"%venv%\Scripts\debabelizer.exe" %*
exit /b

:nonetwork
echo Setting up failed: a package could not be installed.
echo   -^> check the network (or proxy) and start again; what is done is kept
exit /b 1
