namespace Realtime.Models.Scores;

/// <summary>What is averaged of a behaviour channel to make a target.</summary>
public enum TargetTransform
{
    /// <summary>The value itself.</summary>
    Value,

    /// <summary>Cosine of an angle in radians.</summary>
    CosOfRadians,

    /// <summary>Sine of an angle in radians.</summary>
    SinOfRadians,

    /// <summary>Cosine of an angle in degrees.</summary>
    CosOfDegrees,

    /// <summary>Sine of an angle in degrees.</summary>
    SinOfDegrees,
}
