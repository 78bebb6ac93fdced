using Realtime.Engine.Answers;

namespace Realtime.Acquisition.Predictions;

/// <summary>
/// The prediction message's names and limits; docs/prediction-message.md describes it byte by byte. Two ZeroMQ frames: the topic,
/// then one MessagePack map.
/// </summary>
public static class PredictionSchema
{
    /// <summary>The schema's version. A reader refuses a greater one; new keys alone do not raise it.</summary>
    public const int Version = 1;

    /// <summary>Greatest number of output channels. 256: kinematics of a whole arm and hand take under 60.</summary>
    public const int MaxOutputs = 256;

    /// <summary>
    /// Greatest length in UTF-8 bytes of each text: run id, model name and hash, channel names, units. 255: a file name's limit.
    /// </summary>
    public const int MaxTextBytes = 255;

    /// <summary>The keys with one value each, in the order of <see cref="PredictionKey"/>.</summary>
    private static readonly byte[][] Keys =
    [
        [.. "v"u8], [.. "run"u8], [.. "model"u8], [.. "model_hash"u8], [.. "sample_rate"u8], [.. "names"u8], [.. "units"u8], [.. "tick"u8],
        [.. "epoch"u8], [.. "status"u8], [.. "flags"u8], [.. "data_ns"u8], [.. "sample"u8], [.. "emitted_ns"u8], [.. "wall_ns"u8],
        [.. "age_ns"u8], [.. "clock_uncertainty_ns"u8], [.. "spikes"u8], [.. "values"u8],
    ];

    private static readonly byte[][] Statuses = [[.. "fresh"u8], [.. "late"u8], [.. "held"u8], [.. "no_data"u8]];

    /// <summary>The message's first frame, and what a subscriber subscribes to.</summary>
    public static ReadOnlySpan<byte> Topic => "prediction"u8;

    /// <summary>Keys in a message of this version.</summary>
    public static int KeyCount => Keys.Length;

    /// <summary>A key as it stands in the message.</summary>
    public static ReadOnlySpan<byte> KeyText(PredictionKey key) => Keys[(int)key];

    /// <summary>The text of a status; empty for a value that is none.</summary>
    public static ReadOnlySpan<byte> StatusText(AnswerStatus status) => (int)status < Statuses.Length ? Statuses[(int)status] : default;

    /// <summary>Finds a key; false for one of a later version.</summary>
    /// <param name="text">The key in the message.</param>
    /// <param name="guess">Where to look first: messages keep the order.</param>
    /// <param name="key">The key found.</param>
    internal static bool TryFindKey(ReadOnlySpan<byte> text, int guess, out PredictionKey key)
    {
        if (guess < Keys.Length && text.SequenceEqual(Keys[guess]))
        {
            key = (PredictionKey)guess;
            return true;
        }

        for (var i = 0; i < Keys.Length; i++)
        {
            if (!text.SequenceEqual(Keys[i])) continue;
            key = (PredictionKey)i;
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>Finds a status by its text.</summary>
    internal static bool TryFindStatus(ReadOnlySpan<byte> text, out AnswerStatus status)
    {
        for (var i = 0; i < Statuses.Length; i++)
        {
            if (!text.SequenceEqual(Statuses[i])) continue;
            status = (AnswerStatus)i;
            return true;
        }

        status = AnswerStatus.NoData;
        return false;
    }
}
