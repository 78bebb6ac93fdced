using System.CommandLine;
using Realtime.Host.Doctor;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode doctor [FILE]</c>: looks at the machine before an experiment.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "Rig config whose ports and folders are checked too.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print the checks as one JSON object." };
        var command = new Command("doctor", "Check timer, cores, power, ports, disk; say how to mend each. Changes nothing.") { file, json };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var asJson = parsed.GetValue(json);
            var worst = MachineDoctor.Run(parsed.GetValue(file), MachineDoctor.FormatFor(asJson), Console.Out);
            return worst == CheckLevel.Fail ? ExitCode.DoctorFailed : ExitCode.Ok;
        }));
        return command;
    }
}
