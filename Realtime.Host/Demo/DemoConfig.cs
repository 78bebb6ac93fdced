using System.Globalization;
using System.Text;
using Realtime.Host.Configuration;

namespace Realtime.Host.Demo;

/// <summary>The rig config of a demo, written as the text a user would write, and read the way a user's is.</summary>
public static class DemoConfig
{
    public static RigConfig Write(string path, string modelPath, bool unfit, string streamName, double sampleRateHz, double hopMs, long originSample, int dataPort, int heartbeatPort, DemoOptions options)
    {
        var wait = options.Spinning ? "spinning" : "blocking";
        var text = new StringBuilder()
            .AppendLine("# Made by 'rtdecode demo'. docs/rig-config.md explains every key.")
            .AppendLine("schema_version: 1")
            .AppendLine("name: demo")
            .AppendLine("sources:")
            .AppendLine("  - name: replay")
            .AppendLine("    type: open_ephys_zmq")
            .AppendLine(CultureInfo.InvariantCulture, $"    data_port: {dataPort}")
            .AppendLine(CultureInfo.InvariantCulture, $"    heartbeat_port: {heartbeatPort}")
            .AppendLine($"    stream: {Quoted(streamName)}")
            .AppendLine("    behaviour_stream: behaviour")
            .AppendLine(CultureInfo.InvariantCulture, $"    sample_rate_hz: {sampleRateHz:R}")
            .AppendLine(CultureInfo.InvariantCulture, $"    replay_speed: {options.Speed:R}")
            .AppendLine($"    receive: {wait}")
            .AppendLine("ticks:")
            .AppendLine(CultureInfo.InvariantCulture, $"  hop_ms: {hopMs:R}")
            .AppendLine(CultureInfo.InvariantCulture, $"  origin_sample: {originSample}")
            .AppendLine("  lateness_ms: 1000  # the replay shares this machine; a stall of it is no silence of a rig")
            .AppendLine("model:")
            .AppendLine($"  path: {Quoted(modelPath)}")
            .Append(unfit ? "  allow_unfit: true  # a demo endangers nothing; on a rig leave it out\n" : "")
            .AppendLine("outputs:")
            .AppendLine("  predictions:")
            .AppendLine(CultureInfo.InvariantCulture, $"    port: {FreePort.Find()}")
            .AppendLine("decode_thread:")
            .AppendLine($"  wait: {wait}")
            .AppendLine("run:")
            .AppendLine($"  folder: {Quoted(Path.GetFullPath(options.Folder))}")
            .ToString();
        File.WriteAllText(path, text);
        var result = RigConfigLoader.Load(path);
        return result.Config ?? throw new UserErrorException(string.Join(Environment.NewLine, result.Problems), ExitCode.BadConfig);
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''")}'";
}
