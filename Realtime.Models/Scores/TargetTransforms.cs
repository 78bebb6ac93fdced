namespace Realtime.Models.Scores;

/// <summary>Computes what is averaged.</summary>
internal static class TargetTransforms
{
    /// <summary>The value to average for one sample of the channel; NaN of NaN.</summary>
    public static double Apply(this TargetTransform transform, float value) => transform switch
    {
        TargetTransform.CosOfRadians => Math.Cos(value),
        TargetTransform.SinOfRadians => Math.Sin(value),
        TargetTransform.CosOfDegrees => Math.Cos(value * (Math.PI / 180)),
        TargetTransform.SinOfDegrees => Math.Sin(value * (Math.PI / 180)),
        _ => value,
    };
}
