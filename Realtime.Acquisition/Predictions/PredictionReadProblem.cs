namespace Realtime.Acquisition.Predictions;

/// <summary>Why a payload was not taken for a prediction message.</summary>
public enum PredictionReadProblem : byte
{
    None = 0,

    /// <summary>Broken MessagePack, or a value of another type or range than its key asks for.</summary>
    Malformed,

    /// <summary>The first key is not the schema's version.</summary>
    NoVersion,

    /// <summary>The sender's schema is newer (or no version that ever was): this program must be updated.</summary>
    UnknownVersion,

    /// <summary>A key stands twice.</summary>
    DuplicateKey,

    /// <summary>A key is missing.</summary>
    MissingKey,

    /// <summary>The status is none of the four.</summary>
    UnknownStatus,

    /// <summary>A text is longer than <see cref="PredictionSchema.MaxTextBytes"/>.</summary>
    TextTooLong,

    /// <summary>
    /// No output channel, more than <see cref="PredictionSchema.MaxOutputs"/>, or names, units and values that differ in number.
    /// </summary>
    WrongCount,
}
