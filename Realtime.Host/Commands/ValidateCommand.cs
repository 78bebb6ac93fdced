using System.CommandLine;
using Realtime.Host.Configuration;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode validate FILE</c>: checks a rig config without starting anything.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Rig config (docs/rig-config.md)." };
        var command = new Command("validate", "Check a rig config and whether its model fits; say everything that is wrong.") { file };
        command.SetAction(parsed => CommandRunner.Run(() => ConfigValidation.Run(parsed.GetValue(file)!, Console.Error) ? ExitCode.Ok : ExitCode.BadConfig));
        return command;
    }
}
