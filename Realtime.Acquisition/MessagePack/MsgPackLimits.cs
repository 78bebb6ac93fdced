using System.Runtime.CompilerServices;

namespace Realtime.Acquisition.MessagePack;

/// <summary>What a <see cref="MsgPackReader"/> accepts. Immutable; one instance serves any number of readers and threads.</summary>
/// <remarks>A message comes from the network: a limit here is what keeps a broken or hostile sender from costing time or memory.</remarks>
public sealed record MsgPackLimits
{
    /// <summary>
    /// The greatest <see cref="MaxDepth"/> that can be asked for: skipping keeps one counter for each level on the stack (256 bytes).
    /// </summary>
    public const int DeepestNesting = 64;

    /// <summary>The limits below.</summary>
    public static readonly MsgPackLimits Default = new();

    /// <summary>Bytes of a whole message. 4 MiB: a second of 4,096 units at 100 spikes/s, 9 bytes a spike, fits.</summary>
    public int MaxMessageBytes { get; init => field = Checked(value, 1, int.MaxValue); } = 4 << 20;

    /// <summary>Bytes of a string. 4 KiB: keys, names, units and hashes are all far shorter.</summary>
    public int MaxStringBytes { get; init => field = Checked(value, 0, int.MaxValue); } = 4 << 10;

    /// <summary>Bytes of a bin or of an extension's payload. 4 MiB: as long as a message may be.</summary>
    public int MaxBinaryBytes { get; init => field = Checked(value, 0, int.MaxValue); } = 4 << 20;

    /// <summary>Items of an array. 2^19: the spikes of the greatest message, sent one by one.</summary>
    public int MaxArrayItems { get; init => field = Checked(value, 0, int.MaxValue); } = 1 << 19;

    /// <summary>Entries of a map. 1,024: a schema's keys, with room for those of later versions.</summary>
    public int MaxMapEntries { get; init => field = Checked(value, 0, int.MaxValue / 2); } = 1 << 10;

    /// <summary>Arrays and maps within each other in a value that is skipped. 16: our schemas use 2.</summary>
    public int MaxDepth { get; init => field = Checked(value, 0, DeepestNesting); } = 16;

    /// <summary>
    /// Refuses numbers and lengths in a wider form than needed. Off by default: the format allows any width,
    /// JavaScript senders use it, and our own prediction message does for its 64-bit fields.
    /// </summary>
    public bool RequireShortestForm { get; init; }

    private static int Checked(int value, int least, int greatest, [CallerMemberName] string name = "")
    {
        if (value < least || value > greatest)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {greatest}.");
        return value;
    }
}
