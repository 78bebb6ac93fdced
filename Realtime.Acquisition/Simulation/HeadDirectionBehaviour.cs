using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// Head direction of a foraging animal: angular velocity is an Ornstein-Uhlenbeck process that goes quiet in pauses. Speeds are set after a
/// mouse in an open arena (hd_adn_mouse: median 0.67 rad/s and 90 % below 2.4 rad/s over 0.3 s).
/// </summary>
internal static class HeadDirectionBehaviour
{
    private const double VelocityTau = 0.12;
    private const double MovingSigma = 2.4;
    private const double PausedSigma = 0.5;
    private const double MeanMoveSeconds = 4;
    private const double MeanPauseSeconds = 2;

    /// <summary>Columns cos_head_direction, sin_head_direction, head_direction (rad, 0 to 2 pi).</summary>
    public static BehaviourTrace Simulate(int steps, PortableRandom random)
    {
        var (cos, sin, angle) = (new double[steps], new double[steps], new double[steps]);
        var decay = PortableMath.Exp(-BehaviourTrace.StepSeconds / VelocityTau);
        var kick = Math.Sqrt(1 - decay * decay);
        var (heading, velocity, moving, left) = (random.Uniform(0, 2 * Math.PI), 0.0, true, MeanMoveSeconds);
        for (var step = 0; step < steps; step++)
        {
            left -= BehaviourTrace.StepSeconds;
            if (left <= 0)
            {
                moving = !moving;
                left = random.Exponential() * (moving ? MeanMoveSeconds : MeanPauseSeconds);
            }

            velocity = decay * velocity + kick * (moving ? MovingSigma : PausedSigma) * random.Normal();
            heading += velocity * BehaviourTrace.StepSeconds;
            heading -= 2 * Math.PI * Math.Floor(heading / (2 * Math.PI));
            (cos[step], sin[step], angle[step]) = (PortableMath.Cos(heading), PortableMath.Sin(heading), heading);
        }

        return new BehaviourTrace([new("cos_head_direction", "1"), new("sin_head_direction", "1"), new("head_direction", "rad, 0..2pi")],
            [cos, sin, angle]);
    }
}
