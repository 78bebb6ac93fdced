using System.CommandLine;

namespace Realtime.Host.Commands;

/// <summary>The program's commands.</summary>
public static class CommandLine
{
    /// <summary>Parses, runs, and gives one of <see cref="ExitCode"/>.</summary>
    public static int Run(string[] args)
    {
        var root = new RootCommand("Decodes behaviour from spikes in real time, beside Open Ephys.")
        {
            DemoCommand.Create(),
            RunCommand.Create(),
            ValidateCommand.Create(),
            DoctorCommand.Create(),
            ReplayCommand.Create(),
            TrainCommand.Create(),
            CalibrateCommand.Create(),
            ImportCommand.Create(),
            EvaluateCommand.Create(),
            GenerateCommand.Create(),
            VerifyCommand.Create(),
            ConnectivityCommand.Create(),
            SimulateSessionCommand.Create(),
            BenchCommand.Create(),
        };
        var parsed = root.Parse(args);
        var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }
}
