namespace Realtime.Models.Verification;

/// <summary>Compares arrays that must be the same to the last bit.</summary>
internal static class ExactComparison
{
    /// <summary>A stage of tolerance 0; infinite when the lengths differ, NaN when a number is NaN.</summary>
    public static VerifyStage Stage<T>(string name, IReadOnlyList<T> ours, IReadOnlyList<T> theirs) where T : System.Numerics.INumber<T>
    {
        if (ours.Count != theirs.Count) return new VerifyStage(name, double.PositiveInfinity, 0);
        double largest = 0;
        for (var i = 0; i < ours.Count; i++)
        {
            var difference = Math.Abs(double.CreateChecked(ours[i]) - double.CreateChecked(theirs[i]));
            if (double.IsNaN(difference)) return new VerifyStage(name, double.NaN, 0);
            largest = Math.Max(largest, difference);
        }

        return new VerifyStage(name, largest, 0);
    }

    /// <summary>The same for masks; a missing mask is one that is true everywhere.</summary>
    public static VerifyStage Stage(string name, bool[]? ours, bool[]? theirs, int length) => Stage(name, Numbers(ours, length), Numbers(theirs, length));

    private static int[] Numbers(bool[]? mask, int length) => mask is null ? [.. Enumerable.Repeat(1, length)] : Array.ConvertAll(mask, value => value ? 1 : 0);
}
