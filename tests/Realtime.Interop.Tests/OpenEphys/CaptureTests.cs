using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.Replay;

namespace Realtime.Interop.Tests.OpenEphys;

/// <summary>Our messages and the stand-in's, made from the same values, are the same bytes.</summary>
public class CaptureTests
{
    [NeedsOpenEphysPeerFact]
    public void The_same_inputs_give_identical_bytes()
    {
        var captures = Captures();
        var stream = GuiJsonWriter.Quote("Probe-A");
        var messages = new GuiMessages(30000, 1700000000000);

        messages.Data(stream, 0, GuiJsonWriter.Quote("CH1"), 30000, Floats(0f, 1.5f, -2.25f, 0.195f));
        Check(captures[0], messages);
        messages.Ttl(stream, 101, 30017, 3, true, 8);
        Check(captures[1], messages);
        messages.Spike(stream, 103, GuiJsonWriter.Quote("Electrode 1"), 30021, 2, [-50f], captures[2][2]);
        Check(captures[2], messages);
    }

    [NeedsOpenEphysPeerFact]
    public void Each_capture_is_read_or_its_plugin_named()
    {
        var message = new OpenEphysMessage();
        var outcomes = Captures().Select(frames => OpenEphysParser.Parse(
            frames.Count, frames[0], frames[1], frames.Count > 2 ? frames[2] : default, message));
        Assert.Equal(
            [ParseProblem.None, ParseProblem.None, ParseProblem.None, .. Enumerable.Repeat(ParseProblem.EventBroadcaster, 4)],
            outcomes);
    }

    private static void Check(List<byte[]> capture, GuiMessages ours)
    {
        Assert.Equal(Convert.ToHexString(capture[0]), Convert.ToHexString(ours.Envelope));
        Assert.Equal(Convert.ToHexString(capture[1]), Convert.ToHexString(ours.Header));
        Assert.Equal(Convert.ToHexString(capture[2]), Convert.ToHexString(ours.Payload));
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>Frames of each message that the stand-in prints: "frame 1, 270 bytes: 7b0d...   JSON: ...".</summary>
    private static List<List<byte[]>> Captures()
    {
        using var peer = OpenEphysPeer.Script("--print-captures");
        Assert.Equal(0, peer.WaitForExit());
        var messages = new List<List<byte[]>>();
        foreach (var line in peer.Output.Split('\n'))
        {
            if (line.StartsWith('#')) messages.Add([]);
            else if (line.StartsWith("frame ", StringComparison.Ordinal))
                messages[^1].Add(Convert.FromHexString(line.Split(": ")[1].Split(' ')[0].Trim()));
        }

        Assert.Equal(7, messages.Count);
        return messages;
    }
}
