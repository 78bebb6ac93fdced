using System.CommandLine;
using Realtime.Host.Running;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode run FILE</c>: one live run.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Rig config (docs/rig-config.md)." };
        var seconds = new Option<double?>("--seconds") { Description = "End after that much time; default: run.duration_s, or Ctrl+C." };
        var record = new Option<bool>("--record") { Description = "Record the received spikes, behaviour and video frames as a session in the run folder (docs/session-layout.md)." };
        var json = new Option<bool>("--json") { Description = "Print the report as the last line of stdout (docs/report.md)." };
        var command = new Command("run", "Decode live, by a rig config.") { file, seconds, record, json };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var config = ConfigLoading.Load(parsed.GetValue(file)!);
            var options = new RigRunOptions { DurationS = parsed.GetValue(seconds), Record = parsed.GetValue(record) };
            var (report, code) = new RigRun(config, options, CommandRunner.Screen).Execute();
            RunSummary.Show(CommandRunner.Screen, report, parsed.GetValue(json));
            return code;
        }));
        return command;
    }
}
