using Realtime.Host.Commands;

return CommandLine.Run(args);
