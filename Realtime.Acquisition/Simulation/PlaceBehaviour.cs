using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// A rat in a square box: a random walk of heading and speed with pauses, that follows the walls it meets. Speeds are set after
/// ca1_openfield_r2336 (median 16 cm/s); the simulated rat is near walls more often than that one.
/// </summary>
internal static class PlaceBehaviour
{
    public const double BoxCm = 100;

    // The tracked point is on the head, which stays off the wall.
    private const double MarginCm = 3;
    private const double SpeedTau = 0.6;
    private const double MovingLogSpeed = 3.0;
    private const double LogSpeedSigma = 0.6;
    private const double TurnTau = 0.4;
    private const double TurnSigma = 1.6;
    private const double MeanMoveSeconds = 6;
    private const double MeanPauseSeconds = 1.5;

    /// <summary>Columns x, y (cm), speed (cm/s).</summary>
    public static BehaviourTrace Simulate(int steps, PortableRandom random)
    {
        double[][] columns = [new double[steps], new double[steps], new double[steps]];
        var turnDecay = PortableMath.Exp(-BehaviourTrace.StepSeconds / TurnTau);
        var speedDecay = PortableMath.Exp(-BehaviourTrace.StepSeconds / SpeedTau);
        var (x, y, heading) = (random.Uniform(20, 80), random.Uniform(20, 80), random.Uniform(0, 2 * Math.PI));
        var (turn, wander, drive, moving, left) = (0.0, 0.0, 1.0, true, MeanMoveSeconds);
        for (var step = 0; step < steps; step++)
        {
            left -= BehaviourTrace.StepSeconds;
            if (left <= 0)
            {
                moving = !moving;
                left = random.Exponential() * (moving ? MeanMoveSeconds : MeanPauseSeconds);
            }

            turn = turnDecay * turn + Math.Sqrt(1 - turnDecay * turnDecay) * TurnSigma * random.Normal();
            wander = speedDecay * wander + Math.Sqrt(1 - speedDecay * speedDecay) * LogSpeedSigma * random.Normal();
            // Starts and stops take about 0.2 s.
            drive += ((moving ? 1 : 0.03) - drive) * 0.05;
            var speed = drive * PortableMath.Exp(MovingLogSpeed + wander);
            heading += turn * BehaviourTrace.StepSeconds;
            heading -= 2 * Math.PI * Math.Floor(heading / (2 * Math.PI));
            var (vx, vy) = (speed * PortableMath.Cos(heading), speed * PortableMath.Sin(heading));
            var (fromX, fromY) = (x, y);
            x = Math.Clamp(x + vx * BehaviourTrace.StepSeconds, MarginCm, BoxCm - MarginCm);
            y = Math.Clamp(y + vy * BehaviourTrace.StepSeconds, MarginCm, BoxCm - MarginCm);
            heading = AlongWall(x, y, vx, vy, heading);
            (columns[0][step], columns[1][step]) = (x, y);
            columns[2][step] = Math.Sqrt((x - fromX) * (x - fromX) + (y - fromY) * (y - fromY)) / BehaviourTrace.StepSeconds;
        }

        return new BehaviourTrace([new("x", "cm"), new("y", "cm"), new("speed", "cm/s")], columns);
    }

    /// <summary>At a wall, turns towards the way along it that is nearer to the present heading; in a corner, away along the other
    /// wall.</summary>
    private static double AlongWall(double x, double y, double vx, double vy, double heading)
    {
        var (left, right) = (x <= MarginCm && vx < 0, x >= BoxCm - MarginCm && vx > 0);
        var (bottom, top) = (y <= MarginCm && vy < 0, y >= BoxCm - MarginCm && vy > 0);
        // Slightly inwards, so that the wall is left again in time.
        const double inwards = 0.6;
        if (left || right) return vy >= 0 && !top || bottom ? Math.PI / 2 + (left ? -inwards : inwards) : 1.5 * Math.PI + (left
            ? inwards : -inwards);
        if (bottom || top) return vx >= 0 ? (bottom ? inwards : 2 * Math.PI - inwards) : Math.PI + (bottom ? -inwards : inwards);
        return heading;
    }
}
