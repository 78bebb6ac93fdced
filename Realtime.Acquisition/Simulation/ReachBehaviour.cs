using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// A hand that goes from one random target to the next: minimum-jerk speed profiles (Flash and Hogan 1985) along slightly curved paths,
/// with
/// pauses between. Workspace and speeds are set after a macaque's continuous reaching (m1_reach_42u: 25 x 15 cm, median 12 cm/s).
/// </summary>
internal static class ReachBehaviour
{
    public const double Width = 25;
    public const double Height = 15;

    private const double MinDistance = 4;
    private const double MeanPauseSeconds = 0.08;

    /// <summary>Columns hand_x, hand_y (cm), hand_vx, hand_vy (cm/s).</summary>
    public static BehaviourTrace Simulate(int steps, PortableRandom random)
    {
        double[][] columns = [new double[steps], new double[steps], new double[steps], new double[steps]];
        var (x, y) = (Width / 2, Height / 2);
        for (var step = 0; step < steps;)
        {
            // Two draws: the recorded hand keeps to the middle of the long side.
            var (goalX, goalY) = NextTarget(x, y, random);
            var distance = Math.Sqrt((goalX - x) * (goalX - x) + (goalY - y) * (goalY - y));
            // Longer reaches take longer, but less than in proportion.
            var seconds = (0.35 + 0.035 * distance) * random.LogNormal(1, 0.15);
            var curvature = 0.08 * random.Normal();
            step = Move(columns, step, x, y, goalX - x, goalY - y, seconds, curvature);
            (x, y) = (goalX, goalY);
            var pause = (int)(random.Exponential() * MeanPauseSeconds * BehaviourTrace.RateHz);
            for (var end = Math.Min(steps, step + pause); step < end; step++) (columns[0][step], columns[1][step]) = (x, y);
        }

        return new BehaviourTrace([new("hand_x", "cm"), new("hand_y", "cm"), new("hand_vx", "cm/s"), new("hand_vy", "cm/s")], columns);
    }

    private static (double X, double Y) NextTarget(double x, double y, PortableRandom random)
    {
        while (true)
        {
            // Two draws: the recorded hand keeps to the middle of the long side.
            var (goalX, goalY) = ((random.Uniform(0, Width) + random.Uniform(0, Width)) / 2, random.Uniform(0, Height));
            if ((goalX - x) * (goalX - x) + (goalY - y) * (goalY - y) >= MinDistance * MinDistance) return (goalX, goalY);
        }
    }

    private static int Move(double[][] columns, int step, double x, double y, double dx, double dy, double seconds, double curvature)
    {
        var count = Math.Max(10, (int)(seconds * BehaviourTrace.RateHz));
        seconds = count * BehaviourTrace.StepSeconds;
        for (var i = 0; i < count && step < columns[0].Length; i++, step++)
        {
            var u = (i + 0.5) / count;
            var along = u * u * u * (10 - 15 * u + 6 * u * u);
            var alongSpeed = 30 * u * u * (1 - u) * (1 - u) / seconds;
            // The sideways bow has no speed at either end, so that paths join smoothly.
            var across = curvature * 16 * u * u * (1 - u) * (1 - u);
            var acrossSpeed = curvature * 32 * u * (1 - u) * (1 - 2 * u) / seconds;
            columns[0][step] = x + dx * along - dy * across;
            columns[1][step] = y + dy * along + dx * across;
            columns[2][step] = dx * alongSpeed - dy * acrossSpeed;
            columns[3][step] = dy * alongSpeed + dx * acrossSpeed;
        }

        return step;
    }
}
