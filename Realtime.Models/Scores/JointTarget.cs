using Realtime.Engine.Decoding;

namespace Realtime.Models.Scores;

/// <summary>Two outputs that are judged together.</summary>
/// <param name="Name">"A" for cos_A and sin_A; "x,y" for two coordinates.</param>
/// <param name="IsAngle">Whether the error is an angle (degrees) or a distance (the outputs' unit).</param>
/// <param name="First">Index of the cosine, or of x.</param>
/// <param name="Second">Index of the sine, or of y.</param>
internal readonly record struct JointTarget(string Name, bool IsAngle, int First, int Second)
{
    /// <summary>Pairs cos_A with sin_A, and N with the same name ending in y where N is "x" or ends in "_x", "_vx".</summary>
    public static List<JointTarget> Find(IReadOnlyList<OutputChannel> outputs)
    {
        var found = new List<JointTarget>();
        for (var first = 0; first < outputs.Count; first++)
        {
            var name = outputs[first].Name;
            if (name.StartsWith("cos_", StringComparison.Ordinal))
            {
                var second = Index(outputs, "sin_" + name[4..]);
                if (second >= 0) found.Add(new JointTarget(name[4..], true, first, second));
            }
            else if (name is "x" or "vx" || name.EndsWith("_x", StringComparison.Ordinal) || name.EndsWith("_vx", StringComparison.Ordinal))
            {
                var partner = name[..^1] + "y";
                var second = Index(outputs, partner);
                if (second >= 0 && outputs[second].Unit == outputs[first].Unit)
                    found.Add(new JointTarget(name + "," + partner, false, first, second));
            }
        }

        return found;
    }

    public double Error(double firstPrediction, double secondPrediction, double firstTarget, double secondTarget) => IsAngle
        ? Metrics.AngleBetweenDegrees(Math.Atan2(secondPrediction, firstPrediction), Math.Atan2(secondTarget, firstTarget))
        : Math.Sqrt((firstPrediction - firstTarget) * (firstPrediction - firstTarget) +
            (secondPrediction - secondTarget) * (secondPrediction - secondTarget));

    private static int Index(IReadOnlyList<OutputChannel> outputs, string name)
    {
        for (var index = 0; index < outputs.Count; index++)
            if (outputs[index].Name == name) return index;
        return -1;
    }
}
