; The Windows installer, for Inno Setup 6.3 or newer. It is compiled by targets/windows.py, which writes every fact (name,
; version, folders) and the sections that follow from them (languages, messages, kinds of files) into the file that is
; included here.
;
;   setup.exe                                   asks whether for this user or for all
;   setup.exe /VERYSILENT /CURRENTUSER          for this user, nothing shown (/ALLUSERS: for all, needs an administrator)
;   setup.exe /VERYSILENT /TASKS="autostart"    with what would be ticked; /DIR="..." elsewhere; /LOG="file" tells why not
;   unins000.exe /VERYSILENT                    removes the program and never the user's data
;
; A newer version is installed over an older one: the running program is asked to end, settings and data stay.

#ifndef Facts
  #error Start it by: python packaging/build.py --only windows
#endif
#include Facts

[Setup]
AppId={#AppId}
AppName={#Title}
AppVersion={#Version}
AppVerName={#Title} {#Version}
AppPublisher={#Publisher}
AppPublisherURL={#Homepage}
AppSupportURL={#Homepage}/issues
AppUpdatesURL={#Homepage}/releases
VersionInfoVersion={#NumericVersion}
VersionInfoProductTextVersion={#Version}
DefaultDirName={autopf}\{#Title}
DefaultGroupName={#Title}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
UsedUserAreasWarning=no
; Qt 6.11 needs Windows 10 1809; on ARM the system's own emulation runs it
MinVersion=10.0.17763
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
OutputDir={#OutputDir}
OutputBaseFilename={#OutputName}
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\{#WindowExe}
UninstallDisplayName={#Title}
WizardStyle=modern
Compression=lzma2/max
SolidCompression=yes
SetupLogging=yes
ChangesAssociations=yes
ChangesEnvironment=yes
; what PrepareToInstall could not end: recordings are on disk at every moment, so nothing is lost
CloseApplications=force
RestartApplications=no
#ifdef Sign
SignTool=sign
#endif

[Tasks]
Name: autostart; Description: "{cm:Autostart}"; Flags: unchecked
Name: associate; Description: "{cm:Associate}"
Name: searchpath; Description: "{cm:SearchPath}"
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; modules that the newer version no longer has must not be found by it
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#License}"; DestDir: "{app}"; DestName: "LICENSE.txt"; Flags: ignoreversion

[Icons]
Name: "{autoprograms}\{#Title}"; Filename: "{app}\{#WindowExe}"; Comment: "{cm:Summary}"; AppUserModelID: "{#AppUserModelId}"
Name: "{autodesktop}\{#Title}"; Filename: "{app}\{#WindowExe}"; Comment: "{cm:Summary}"; AppUserModelID: "{#AppUserModelId}"; Tasks: desktopicon

[Registry]
; what the program itself writes when told to start with the computer goes with it
Root: HKCU; Subkey: "Software\Microsoft\Windows\CurrentVersion\Run"; ValueType: none; ValueName: "{#Title}"; Flags: dontcreatekey uninsdeletevalue

[Run]
Filename: "{app}\{#ConsoleExe}"; Parameters: "config set window.autostart true"; Flags: runhidden runasoriginaluser; Tasks: autostart; Check: IsFirst
Filename: "{app}\{#WindowExe}"; Description: "{cm:LaunchProgram,{#Title}}"; Flags: postinstall nowait skipifsilent runasoriginaluser

[Code]
const
  MachineEnvironment = 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment';
  LongestEnd = 10000; { milliseconds; the program itself takes three seconds at most }

var
  First: Boolean;

{ Whether nothing is replaced. What was ticked then is not done again: meanwhile the user may have decided otherwise. }
function IsFirst: Boolean;
begin
  Result := First;
end;

function InitializeSetup: Boolean;
begin
  First := not RegKeyExists(HKEY_AUTO, 'Software\Microsoft\Windows\CurrentVersion\Uninstall\' + ExpandConstant('{#AppId}_is1'));
  Result := True;
end;

function IsOpen(const Name: String): Boolean;
var
  Probe: TFileStream;
begin
  Result := False;
  if FileExists(Name) then
    try
      Probe := TFileStream.Create(Name, fmOpenReadWrite or fmShareDenyNone);
      Probe.Free;
    except
      Result := True;
    end;
end;

{ Asks the running program to end, as its own menu would, and waits until it has. }
procedure EndProgram(const FromSetup: Boolean);
var
  Console, Window: String;
  Status, Waited: Integer;
begin
  Console := ExpandConstant('{app}\{#ConsoleExe}');
  Window := ExpandConstant('{app}\{#WindowExe}');
  if not FileExists(Console) or not IsOpen(Window) then
    Exit;
  Log('The program is running: asking it to end.');
  if FromSetup then
    ExecAsOriginalUser(Console, 'remote quit', '', SW_HIDE, ewWaitUntilTerminated, Status)
  else
    Exec(Console, 'remote quit', '', SW_HIDE, ewWaitUntilTerminated, Status);
  Waited := 0;
  while IsOpen(Window) and (Waited < LongestEnd) do begin
    Sleep(100);
    Waited := Waited + 100;
  end;
end;

{ Puts the program's folder on the search path, or takes it off. }
procedure SearchPath(const Wanted: Boolean);
var
  Root: Integer;
  Key, Path, Folder: String;
begin
  if IsAdminInstallMode then begin
    Root := HKEY_LOCAL_MACHINE;
    Key := MachineEnvironment;
  end else begin
    Root := HKEY_CURRENT_USER;
    Key := 'Environment';
  end;
  if not RegQueryStringValue(Root, Key, 'Path', Path) then
    Path := '';
  Folder := ExpandConstant('{app}');
  Path := ';' + Path + ';';
  StringChangeEx(Path, ';' + Folder + ';', ';', True);
  if Wanted then
    Path := Path + Folder + ';';
  while (Path <> '') and (Path[1] = ';') do
    Delete(Path, 1, 1);
  while (Path <> '') and (Path[Length(Path)] = ';') do
    Delete(Path, Length(Path), 1);
  if Path = '' then
    RegDeleteValue(Root, Key, 'Path')
  else
    RegWriteExpandStringValue(Root, Key, 'Path', Path);
end;

function PrepareToInstall(var NeedsRestart: Boolean): String;
begin
  EndProgram(True);
  Result := '';
end;

procedure CurStepChanged(Step: TSetupStep);
begin
  if Step = ssPostInstall then
    SearchPath(WizardIsTaskSelected('searchpath'));
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Data: String;
  Status: Integer;
begin
  Data := ExpandConstant('{localappdata}\{#DataFolder}');
  if Step = usUninstall then begin
    EndProgram(False);
    SearchPath(False);
    { a silent removal keeps what is the user's; the first answer offered does, too }
    if not UninstallSilent and DirExists(Data) then
      if MsgBox(FmtMessage(CustomMessage('RemoveData'), [Data]), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then begin
        Exec(ExpandConstant('{app}\{#ConsoleExe}'), 'keys remove --all', '', SW_HIDE, ewWaitUntilTerminated, Status);
        DelTree(Data, True, True, True);
      end;
  end;
end;
