using System.Text;
using Realtime.Host.Commands;

// Windows consoles default to an old code page; names of animals and folders do not.
if (OperatingSystem.IsWindows()) Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return CommandLine.Run(args);
