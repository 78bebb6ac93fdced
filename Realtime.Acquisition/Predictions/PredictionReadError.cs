using Realtime.Acquisition.MessagePack;

namespace Realtime.Acquisition.Predictions;

/// <summary>What was wrong with a payload, and where.</summary>
/// <param name="Problem">What was wrong.</param>
/// <param name="Key">The key it was met at; the version where no key had been read.</param>
/// <param name="Cause">The codec's reason where the problem is <see cref="PredictionReadProblem.Malformed"/>.</param>
/// <param name="Offset">Byte offset in the payload.</param>
/// <param name="Version">The version that the sender announces; 0 before it was read.</param>
public readonly record struct PredictionReadError(
    PredictionReadProblem Problem, PredictionKey Key, MsgPackError Cause, int Offset, long Version)
{
    /// <summary>One sentence for a person.</summary>
    public override string ToString() => Problem switch
    {
        PredictionReadProblem.None => "no error",
        PredictionReadProblem.Malformed => $"broken at byte {Offset}, near '{Name}': {Cause}",
        PredictionReadProblem.NoVersion => $"not a prediction message: its first key is not 'v' (byte {Offset})",
        PredictionReadProblem.UnknownVersion =>
            $"schema version {Version}, and this program reads version {PredictionSchema.Version}: update the program that reads",
        PredictionReadProblem.DuplicateKey => $"the key '{Name}' stands twice (byte {Offset})",
        PredictionReadProblem.MissingKey => $"the key '{Name}' is missing",
        PredictionReadProblem.UnknownStatus => $"unknown status at byte {Offset}: known are fresh, late, held and no_data",
        PredictionReadProblem.TextTooLong => $"a text of '{Name}' at byte {Offset} is longer than {PredictionSchema.MaxTextBytes} bytes",
        _ => $"'{Name}' at byte {Offset}: names, units and values must be 1 to {PredictionSchema.MaxOutputs}, and as many of each",
    };

    private string Name => System.Text.Encoding.UTF8.GetString(PredictionSchema.KeyText(Key));
}
