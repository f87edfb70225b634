; Inno Setup 6: an installer for one user, without administrator rights. First build dist\acassist, then:
;     iscc /DVersion=0.1.0 packaging\windows\acassist.iss
; The result is dist\acassist-0.1.0-setup.exe. Sign it as described in docs\release.md.

#ifndef Version
  #error Give the version: iscc /DVersion=X.Y.Z packaging\windows\acassist.iss
#endif
#define Name "ActiveCampaign Setup Assistant"

[Setup]
AppId={{6E5C1B0B-2D2B-4C0F-9E7B-6B1C7A4F3D52}
AppName={#Name}
AppVersion={#Version}
AppPublisher=The acassist authors
DefaultDirName={autopf}\acassist
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
SourceDir=..\..
OutputDir=dist
OutputBaseFilename=acassist-{#Version}-setup
SetupIconFile=resources\icons\app\app.ico
UninstallDisplayIcon={app}\acassist-app.exe
LicenseFile=LICENSE
Compression=lzma2
SolidCompression=yes
CloseApplications=yes
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"

[CustomMessages]
en.AddToPath=Make the command "acassist" available in terminals
es.AddToPath=Permitir usar la orden "acassist" en las terminales

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "{cm:AddToPath}"; Flags: unchecked

[InstallDelete]
; Libraries of an earlier version must not stay beside the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "dist\acassist\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\acassist-app.exe"; AppUserModelID: "io.github.acassist.Acassist"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\acassist-app.exe"; AppUserModelID: "io.github.acassist.Acassist"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "{code:EnvironmentKey}"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: NotInPath; Flags: preservestringtype
Root: HKA; Subkey: "Software\Classes\acassist"; ValueType: string; ValueData: "URL:{#Name}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\acassist"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\acassist\shell\open\command"; ValueType: string; ValueData: """{app}\acassist-app.exe"" ""%1"""

[Run]
Filename: "{app}\acassist-app.exe"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

[Code]
function EnvironmentKey(Parameter: String): String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

function CurrentPath(): String;
begin
  if not RegQueryStringValue(HKA, EnvironmentKey(''), 'Path', Result) then
    Result := '';
end;

function NotInPath(): Boolean;
begin
  Result := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(CurrentPath()) + ';') = 0;
end;

procedure CurUninstallStepChanged(CurrentStep: TUninstallStep);
var
  Folder, Path: String;
begin
  if CurrentStep = usPostUninstall then
  begin
    { Take out of the search path what the installer put in; the data folder and the stored secrets stay. }
    Folder := ';' + ExpandConstant('{app}');
    Path := CurrentPath();
    if Pos(Lowercase(Folder), Lowercase(Path)) > 0 then
    begin
      Delete(Path, Pos(Lowercase(Folder), Lowercase(Path)), Length(Folder));
      RegWriteExpandStringValue(HKA, EnvironmentKey(''), 'Path', Path);
    end;
    { The program may have been set to start with Windows. }
    RegDeleteValue(HKCU, 'Software\Microsoft\Windows\CurrentVersion\Run', '{#Name}');
  end;
end;
