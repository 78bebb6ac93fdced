using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Replay;
using Realtime.Host.Running;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode replay SESSION</c>: serves a recorded session as a live Open Ephys stream.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "Folder of a session (docs/session-layout.md)." };
        var speed = new Option<double>("--speed") { Description = "1 = as recorded, 2 = twice as fast, 0 = as fast as subscribers take it.", DefaultValueFactory = _ => 1 };
        var part = new Option<string>("--part") { Description = "train, valid, test or all.", DefaultValueFactory = _ => "all" };
        part.AcceptOnlyFromAmong(SessionPart.Names);
        var from = new Option<double?>("--from") { Description = "Start, session seconds." };
        var to = new Option<double?>("--to") { Description = "End, session seconds." };
        var loop = new Option<bool>("--loop") { Description = "Begin anew at the end, as a restart of acquisition." };
        var dataPort = new Option<int>("--data-port") { Description = "Port of the data socket; 0 = any free one.", DefaultValueFactory = _ => 5556 };
        var heartbeatPort = new Option<int?>("--heartbeat-port") { Description = "Port of the heartbeat socket; default: data port + 1." };
        var bind = new Option<string>("--bind") { Description = "Address to bind to; 127.0.0.1 = this machine only.", DefaultValueFactory = _ => "127.0.0.1" };
        var stream = new Option<string?>("--stream") { Description = "Stream name to send; default: each unit's own." };
        var blockMs = new Option<double>("--block-ms") { Description = "Block length, ms.", DefaultValueFactory = _ => 10 };
        var channels = new Option<int>("--channels") { Description = "Continuous channels per block.", DefaultValueFactory = _ => 1 };
        var peaksOnly = new Option<bool>("--peaks-only") { Description = "Spikes without snippets." };
        var trialLine = new Option<int?>("--trial-line") { Description = "TTL line that goes up where a segment of the session begins and down where it ends; default: none is sent." };
        var noBehaviour = new Option<bool>("--no-behaviour") { Description = "Leave out the labelled behaviour stream." };
        var framesPort = new Option<int?>("--frames-port") { Description = "Port to publish the session's video frames on (docs/frames.md), each at its moment; 0 = any free one; default: none are sent." };
        var wait = new Option<int>("--wait-subscribers") { Description = "Subscribers to wait for before the first block.", DefaultValueFactory = _ => 0 };
        var settleMs = new Option<int>("--settle-ms") { Description = "Pause after the last awaited subscriber, ms.", DefaultValueFactory = _ => 200 };
        var parent = new Option<int?>("--exit-with") { Description = "Stop when the process of that number has ended.", Hidden = true };
        var command = new Command("replay", "Serve a recorded session as a live Open Ephys stream (ZMQ Interface plugin).")
        {
            session, speed, part, from, to, loop, dataPort, heartbeatPort, bind, stream, blockMs, channels, trialLine, peaksOnly, noBehaviour, framesPort, wait, settleMs, parent,
        };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var recording = SessionReader.Read(parsed.GetValue(session)!);
            var range = SessionPart.Of(recording, parsed.GetValue(part)!, parsed.GetValue(from), parsed.GetValue(to));
            var options = new ReplayOptions
            {
                Speed = parsed.GetValue(speed),
                FromSeconds = range.Start,
                ToSeconds = range.End,
                Loop = parsed.GetValue(loop),
                DataPort = parsed.GetValue(dataPort),
                HeartbeatPort = parsed.GetValue(heartbeatPort),
                BindAddress = parsed.GetValue(bind)!,
                Stream = parsed.GetValue(stream),
                BlockMs = parsed.GetValue(blockMs),
                Channels = parsed.GetValue(channels),
                TrialLine = parsed.GetValue(trialLine),
                PeaksOnly = parsed.GetValue(peaksOnly),
                BehaviourStream = parsed.GetValue(noBehaviour) ? null : new ReplayOptions().BehaviourStream,
                FramesPort = parsed.GetValue(framesPort),
                WaitForSubscribers = parsed.GetValue(wait),
                SettleMs = parsed.GetValue(settleMs),
            };
            return Serve(recording, options, parsed.GetValue(parent));
        }));
        return command;
    }

    private static int Serve(Engine.Sessions.Session recording, ReplayOptions options, int? parent)
    {
        using var logs = RunLog.Create(null, text => CommandRunner.Screen.WriteLine(text));
        using var signal = new CancelOnSignal();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signal.Token);
        ReplayServer server;
        try
        {
            server = new ReplayServer(recording, options, logs.CreateLogger("replay"));
        }
        catch (ArgumentException problem)
        {
            throw new UserErrorException(problem.Message, ExitCode.Usage);
        }

        using (server)
        {
            // One line that scripts read to learn the ports.
            Console.Out.WriteLine($"data {server.DataPort}, heartbeat {server.HeartbeatPort}{(server.FramesPort is { } frames ? $", frames {frames}" : "")}");
            Console.Out.Flush();
            CommandRunner.Screen.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Replaying {recording.Name} from {options.FromSeconds:0.###} to {options.ToSeconds:0.###} s at speed {options.Speed}. Ctrl+C stops."));
            using var watch = parent is { } id ? WatchParent(id, stop) : null;
            var summary = server.Run(stop.Token);
            CommandRunner.Screen.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Sent {summary.Messages:N0} messages: {summary.Spikes:N0} spikes, {summary.BehaviourSamples:N0} behaviour samples, {summary.Frames:N0} frames in {summary.WallSeconds:0.0} s; dropped for slow subscribers {summary.Dropped:N0}; blocks late by p99 {summary.P99LatenessMs:0.000} ms, at most {summary.MaxLatenessMs:0.000} ms."));
            return summary.Stopped ? ExitCode.Interrupted : ExitCode.Ok;
        }
    }

    /// <summary>A replay started by a demo must not outlive it, however the demo ends.</summary>
    private static Timer WatchParent(int id, CancellationTokenSource stop) => new(
        _ =>
        {
            try
            {
                using var process = Process.GetProcessById(id);
                if (!process.HasExited) return;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // No such process.
            }

            stop.Cancel();
        },
        null,
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(1));
}
