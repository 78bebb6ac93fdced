using Realtime.Acquisition.Predictions;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;

namespace Realtime.Acquisition.Tests.Predictions;

/// <summary>The message that docs/prediction-message.md shows byte by byte.</summary>
internal static class PredictionExample
{
    public const string Run = "2025-03-14_rat7_a";
    public const string Model = "wiener";
    public const string ModelHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    public const long WallOffsetNs = 1_741_944_600_000_000_000;

    public static readonly OutputChannel[] Outputs = [new("hand_x", "cm"), new("hand_y", "cm")];

    public static readonly float[] Values = [1.25f, -3.5f];

    public static PredictionMessageWriter NewWriter() => new(Run, Model, ModelHash, Outputs, 30_000, WallOffsetNs);

    public static TickAnswer Answer() => new()
    {
        Tick = 1234,
        Epoch = 1,
        Spikes = 87,
        DataNs = 24_680_000_000,
        Sample = 740_400,
        DueNs = 98_765_400_000_000,
        ClosedNs = 98_765_400_100_000,
        DecodedNs = 98_765_401_900_000,
        EmittedNs = 98_765_402_000_000,
        AgeNs = 6_150_000,
        ClockUncertaintyNs = 210_000,
        Status = AnswerStatus.Fresh,
        Flags = AnswerFlags.PartialWindow | AnswerFlags.ClosedByBound,
    };

    public static byte[] Bytes()
    {
        var writer = NewWriter();
        var buffer = new byte[writer.MaxBytes];
        return buffer[..writer.Write(Answer(), Values, buffer)];
    }
}
