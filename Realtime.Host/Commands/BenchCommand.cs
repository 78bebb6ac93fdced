using System.CommandLine;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode bench</c>: measurements on this machine.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure on this machine.") { BenchModelCommand.Create(), BenchTrainingCommand.Create() };
}
